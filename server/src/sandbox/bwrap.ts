/**
 * The default driver: two nested bubblewrap layers (DESIGN 1.5). The outer holds the trainee's network and runs
 * the cell; the cell runs the inner one, the box, in the same network. bubblewrap is never run as root: root in
 * it would stay root on the machine, so a root server gives each cell an unprivileged user of its own.
 *
 * Nothing outlives the server: each layer dies with its parent, and ends when its channel closes.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Duplex, Writable } from 'node:stream';
import { encodeArguments } from '../cell/mounts.ts';
import type { BoxSettings, StartCell } from '../cell/protocol.ts';
import { CELL_PATHS, cellArguments, cellCommand } from './cell-arguments.ts';
import { openCellClient } from './cell-client.ts';
import { type CgroupFinding, type Cgroups, createCgroups, findCgroups } from './cgroups.ts';
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
  type OwnFolders,
  prepareFolders,
  removeCellFolders,
  removeEmptyRunFolder,
  removeRunFolder,
  type SandboxFolders,
} from './folders.ts';
import { DEFAULT_OWNERS, freeRange, type OwnerRange, ownerOf } from './owners.ts';
import { probeBwrap } from './probe.ts';
import { type Cell, CellError, type CellOptions, type SandboxDriver } from './sandbox.ts';
import { sweepLeftovers } from './sweep.ts';

/** Carries /etc/hosts: the brokers find one another by the name they advertise, localhost. */
const HOSTS_FD = 5;

export interface DriverOptions {
  /** Cells are kept in `<dataDir>/cells`. */
  readonly dataDir: string;
  /** The built programs of cell, agent, tools and shell: dist/. */
  readonly programDir: string;
  /** Default: the server's own Node. */
  readonly nodePath?: string;
  /** Unprivileged users for cells of a root server. */
  readonly owners?: OwnerRange;
}

export function createBwrapDriver(options: DriverOptions): SandboxDriver {
  const asRoot = process.getuid?.() === 0;
  const owners = asRoot ? freeRange(options.owners ?? DEFAULT_OWNERS) : undefined;
  const nodePath = options.nodePath ?? process.execPath;
  const cells = createOpenCells();
  let found: { readonly finding: CgroupFinding; readonly groups: Cgroups | undefined } | undefined;
  let prepared: SandboxFolders | undefined;
  // Two new cells at once must not be given the same owner.
  let makingFolders: Promise<unknown> = Promise.resolve();

  /** Looked for when first needed: finding them moves the server into a group of its own. */
  function cgroups(): { readonly finding: CgroupFinding; readonly groups: Cgroups | undefined } {
    if (found === undefined) {
      const finding = findCgroups();
      found = { finding, groups: createCgroups(finding) };
    }
    return found;
  }

  function folders(): SandboxFolders {
    prepared ??= prepareFolders({ ...options, nodePath, asRoot });
    return prepared;
  }

  function ownFolders(id: string): Promise<{ own: OwnFolders; owner: number | undefined }> {
    const making = makingFolders.then(async () => {
      if (asRoot && owners === undefined) throw new CellError('notStarted', 'no free range of user ids');
      const owner = owners && (await ownerOf(folders().cellsDir, id, owners));
      return { own: await makeCellFolders(folders(), id, owner), owner };
    });
    makingFolders = making.catch(() => undefined);
    return making;
  }

  async function start(cell: CellOptions): Promise<Cell> {
    const { own, owner } = await ownFolders(cell.id);
    const { programDir, nodePath } = folders();
    const extraReadOnly = nodePath.startsWith('/usr/') ? [] : [nodePath];
    const { groups } = cgroups();
    const child = spawn('bwrap', ['--args', '4', '--', ...cellCommand(nodePath, CELL_PATHS.program)], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      ...(owner === undefined ? {} : { uid: owner, gid: owner }),
    });
    const watched = watchProcess(child, () => {
      removeRunFolder(own.runDir);
      void groups?.remove(cell.id);
    });
    // bubblewrap starts nothing before it has read its arguments, so whatever it starts is in the group too.
    if (child.pid !== undefined) groups?.add(cell.id, child.pid, { ...DEFAULT_LIMITS, ...cell.limits });
    const args = child.stdio[4] as Writable;
    args.on('error', () => undefined);
    // Node's types know of five streams only.
    const hosts = (child.stdio as readonly unknown[])[HOSTS_FD] as Writable;
    hosts.on('error', () => undefined);
    hosts.end('127.0.0.1 localhost\n::1 localhost\n');
    args.end(encodeArguments(cellArguments({ ...own, programDir, extraReadOnly, hostsFd: HOSTS_FD })));
    return openCellClient({
      id: cell.id,
      stream: child.stdio[3] as Duplex,
      start: startMessage(cell, { nodePath, extraReadOnly }),
      socketPath: (nodeId, cluster = '') => join(own.runDir, cluster, `b${nodeId}.sock`),
      ...watched,
    });
  }

  return {
    name: 'bwrap',
    isolates: true,
    probe: () => probeBwrap({ asRoot, owners, folders, nodePath, cgroups: cgroups().finding }),
    async open(cell) {
      checkCellId(cell.id);
      return cells.open(cell.id, () => start(cell));
    },
    async sweep() {
      await sweepLeftovers(folders());
      await cgroups().groups?.sweep();
    },
    async remove(cellId) {
      checkCellId(cellId);
      if (cells.isOpen(cellId)) throw new CellError('exists', `the cell ${cellId} is open; close it first`);
      await removeCellFolders(folders(), cellId);
    },
    async copySnapshot(copy) {
      checkCellId(copy.to);
      if (!cells.isOpen(copy.to)) await ownFolders(copy.to);
      await copySnapshot(folders(), copy);
    },
    async close() {
      await cells.closeAll();
      await removeEmptyRunFolder(folders());
    },
  };
}

function startMessage(cell: CellOptions, node: Pick<BoxSettings, 'nodePath' | 'extraReadOnly'>): StartCell {
  return {
    kind: 'start',
    box: {
      isolation: 'namespace',
      hostName: safeHostName(cell.hostName),
      language: cell.language,
      limits: { ...DEFAULT_LIMITS, ...cell.limits },
      homeDir: CELL_PATHS.home,
      programDir: CELL_PATHS.program,
      ...node,
    },
    nodeIds: nodeIdsOf(cell),
    brokerConfig: cell.brokerConfig ?? {},
    clusterDir: CELL_PATHS.cluster,
    snapshotsDir: CELL_PATHS.snapshots,
    clusterBytesMax: { ...DEFAULT_LIMITS, ...cell.limits }.clusterBytes,
    socketDir: CELL_PATHS.sockets,
    basePort: 9092,
    firstCluster: cell.firstCluster ?? 'main',
    otherClusters: cell.otherClusters ?? [],
  };
}
