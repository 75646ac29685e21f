/**
 * For one person on their own machine where namespaces are missing (macOS, Windows/WSL, closed containers): the
 * same cell and agent as plain processes. Whoever types there is the server's own user, and the brokers listen on
 * the machine's own ports, so one cell can be open at a time. Refused for classes.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { DriverOptions } from './bwrap.ts';
import { cellCommand } from './cell-arguments.ts';
import { openCellClient } from './cell-client.ts';
import {
  checkCellId,
  createOpenCells,
  DEFAULT_LIMITS,
  nodeIdsOf,
  safeHostName,
  watchProcess,
} from './driver.ts';
import {
  copySnapshot,
  makeCellFolders,
  prepareFolders,
  removeCellFolders,
  removeEmptyRunFolder,
  removeRunFolder,
  type SandboxFolders,
} from './folders.ts';
import { type Cell, CellError, type CellOptions, type ProbeReport, type SandboxDriver } from './sandbox.ts';
import { sweepLeftovers } from './sweep.ts';

export interface ProcessDriverOptions extends DriverOptions {
  /** Default 9092, which the labs' texts name. */
  readonly basePort?: number;
}

export function createProcessDriver(options: ProcessDriverOptions): SandboxDriver {
  const nodePath = options.nodePath ?? process.execPath;
  const basePort = options.basePort ?? 9092;
  const cells = createOpenCells();
  let prepared: SandboxFolders | undefined;

  function folders(): SandboxFolders {
    prepared ??= prepareFolders({ ...options, nodePath, asRoot: false });
    return prepared;
  }

  async function start(cell: CellOptions): Promise<Cell> {
    await checkPorts(nodeIdsOf(cell).map((_, index) => basePort + index));
    const own = await makeCellFolders(folders(), cell.id, undefined);
    const [file, ...args] = cellCommand(nodePath, options.programDir);
    const child = spawn(file!, args, {
      env: { PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin', HOME: own.dataDir, LANG: 'C.UTF-8' },
      cwd: own.dataDir,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const watched = watchProcess(child, () => removeRunFolder(own.runDir));
    return openCellClient({
      id: cell.id,
      stream: child.stdio[3] as Duplex,
      start: {
        kind: 'start',
        box: {
          isolation: 'none',
          hostName: safeHostName(cell.hostName),
          language: cell.language,
          limits: { ...DEFAULT_LIMITS, ...cell.limits },
          homeDir: join(own.dataDir, 'home'),
          programDir: options.programDir,
          nodePath,
          extraReadOnly: [],
        },
        nodeIds: nodeIdsOf(cell),
        brokerConfig: cell.brokerConfig ?? {},
        clusterDir: join(own.dataDir, 'cluster'),
        snapshotsDir: join(own.dataDir, 'snapshots'),
        clusterBytesMax: { ...DEFAULT_LIMITS, ...cell.limits }.clusterBytes,
        socketDir: own.runDir,
        basePort,
        firstCluster: cell.firstCluster ?? 'main',
        otherClusters: cell.otherClusters ?? [],
      },
      socketPath: (nodeId, cluster = '') => join(own.runDir, cluster, `b${nodeId}.sock`),
      ...watched,
    });
  }

  return {
    name: 'process',
    isolates: false,
    probe: () => Promise.resolve(probe(options.programDir)),
    async open(cell) {
      checkCellId(cell.id);
      if (cells.count > 0 && !cells.isOpen(cell.id)) {
        throw new CellError('limit', 'without a sandbox only one environment can be open at a time');
      }
      return cells.open(cell.id, () => start(cell));
    },
    sweep: () => sweepLeftovers(folders()),
    async remove(cellId) {
      checkCellId(cellId);
      if (cells.isOpen(cellId)) throw new CellError('exists', `the cell ${cellId} is open; close it first`);
      await removeCellFolders(folders(), cellId);
    },
    async copySnapshot(copy) {
      checkCellId(copy.to);
      if (!cells.isOpen(copy.to)) await makeCellFolders(folders(), copy.to, undefined);
      await copySnapshot(folders(), copy);
    },
    async close() {
      await cells.closeAll();
      await removeEmptyRunFolder(folders());
    },
  };
}

function probe(programDir: string): ProbeReport {
  const built = existsSync(join(programDir, 'cell', 'main.mjs'));
  return {
    usable: built,
    checks: [
      {
        name: 'isolation',
        state: 'degraded',
        found: 'none',
        advice: {
          ko: '격리 없이 실행해요. 터미널에서 하는 모든 일이 이 컴퓨터의 사용자 권한으로 실행되므로 혼자 쓸 때만 사용하세요.',
          en: 'Runs without isolation: whatever is typed in a terminal runs with your own rights. For one person on their own machine only.',
        },
      },
      built
        ? { name: 'program', state: 'ok', found: programDir }
        : {
            name: 'program',
            state: 'failed',
            found: `no ${join(programDir, 'cell', 'main.mjs')}`,
            advice: { ko: 'npm run build 를 먼저 실행하세요.', en: 'Run npm run build first.' },
          },
    ],
  };
}

async function checkPorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (!free) {
      throw new CellError(
        'notStarted',
        `port ${port} is in use by another program; end it (is a Kafka running?) and try again`,
      );
    }
  }
}
