/**
 * The trainee's cell as the host of a lab: carries out what happens when the lab or a step opens, runs load and the
 * trainee's programs, and reads the files that checks look at.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { Client, ClientOptions } from '@brokerlab/broker/client';
import type {
  Act,
  ActPorts,
  BrokerPort,
  Lab,
  LoadReport,
  LoadSpec,
  ProgramCheck,
  ProgramRun,
  RunningProgram,
} from '@brokerlab/grader';
import {
  clusterOf,
  loadReport,
  loadSizeProblem,
  performAll,
  readGivenFile,
  runProgram,
  withParticle,
  workOf,
} from '@brokerlab/grader';
import type { Localized } from '../contract/main.ts';
import { connectionOf } from '../grading/grader.ts';
import { type Cell, CellError, type ExecOptions, type ExecResult } from '../sandbox/main.ts';

export interface LabHostOptions {
  readonly cell: Cell;
  readonly lab: Lab;
  readonly clients: Readonly<Record<string, Client>>;
}

const FILE_CHARACTERS_MAX = 200_000;
const PROGRAM_OUTPUT_BYTES_MAX = 16 * 1024;
/** The grader ends a program; the box ends it when the grader could not. */
const PROGRAM_MARGIN_MS = 15_000;
const SCRIPT_START_MS = 10_000;

export interface LabClusterAccess {
  readonly client: Client;
  readonly connection: Pick<ClientOptions, 'bootstrap' | 'dial'>;
  readonly bootstrap: string;
  /** Runs a command in the box. */
  readonly execute: (options: ExecOptions) => Promise<ExecResult>;
}

export class LabHost {
  readonly #cell: Cell;
  readonly #lab: Lab;
  readonly #clients: Readonly<Record<string, Client>>;
  readonly #loads = new Map<string, LoadSpec>();
  readonly #ending = new AbortController();

  constructor({ cell, lab, clients }: LabHostOptions) {
    this.#cell = cell;
    this.#lab = lab;
    this.#clients = clients;
  }

  /** One of the lab's clusters; the trainee knows it as `bootstrap`. */
  cluster(clusterId: string): LabClusterAccess {
    const cluster = this.#lab.clusters.find(({ id }) => id === clusterId);
    const client = this.#clients[clusterId];
    if (!cluster || !client) throw new CellError('badRequest', `the lab has no cluster ${clusterId}`);
    const connection = connectionOf(this.#cell, this.#lab, cluster);
    const execute = (options: ExecOptions) => this.#cell.exec(options);
    return { client, connection, bootstrap: `localhost:${cluster.firstPort}`, execute };
  }

  perform(acts: readonly Act[]): Promise<void> {
    return performAll(acts, this.#ports());
  }

  /** The load that these acts leave running: what a cell that was asleep has to take up again. */
  async resumeLoads(acts: readonly Act[]): Promise<void> {
    const left = new Map<string, Act>();
    for (const act of acts) {
      if ('load' in act) left.set(act.load.id, act);
      if ('stopLoad' in act) left.delete(act.stopLoad);
    }
    await this.perform([...left.values()]);
  }

  /** null: there is no such file, or it is none that can be read as text. */
  async readFiles(paths: readonly string[]): Promise<Record<string, string | null>> {
    const contents = await Promise.all(
      paths.map(async (path) => {
        try {
          return (await this.#cell.files.read(path)).content.slice(0, FILE_CHARACTERS_MAX);
        } catch (error) {
          if (error instanceof CellError) return null;
          throw error;
        }
      }),
    );
    return Object.fromEntries(paths.map((path, index) => [path, contents[index] ?? null]));
  }

  async loadReports(): Promise<Record<string, LoadReport>> {
    if (this.#loads.size === 0) return {};
    const reports = await this.#cell.loads.reports();
    return Object.fromEntries(
      Object.entries(reports).flatMap(([id, report]) => {
        const spec = this.#loads.get(id);
        return spec === undefined ? [] : [[id, loadReport(spec, report)]];
      }),
    );
  }

  /** Why it cannot have so many clients; null: it has. */
  async resizeLoad(id: string, clients: number): Promise<Localized | null> {
    const spec = this.#loads.get(id);
    if (!spec) return { ko: `${withParticle(id, '이라는')} 부하는 없어요.`, en: `There is no load ${id}.` };
    const problem = loadSizeProblem(spec, clients);
    if (problem === null) await this.#cell.loads.resize(id, clients);
    return problem;
  }

  runProgram(check: ProgramCheck): Promise<ProgramRun> {
    const cluster = clusterOf(this.#lab, check);
    const client = this.#clients[cluster];
    const of = this.#lab.clusters.find(({ id }) => id === cluster);
    if (client === undefined || of === undefined) throw new Error(`the lab has no cluster ${cluster}`);
    return runProgram(check, {
      client,
      connection: connectionOf(this.#cell, this.#lab, of),
      bootstrap: `localhost:${of.firstPort}`,
      exists: async (path) => (await this.readFiles([path]))[path] !== null,
      readGiven: (from) => Promise.resolve(readGivenFile(this.#lab, from, { raw: true })),
      start: (command, environment) => this.#start(command, { environment, seconds: check.seconds }),
      random: (bound) => randomInt(bound),
      signal: this.#ending.signal,
    });
  }

  close(): void {
    this.#ending.abort();
  }

  /** In a process group of its own, whose number stands in a file that nobody can know beforehand. */
  async #start(
    command: string,
    { environment, seconds }: { environment: Readonly<Record<string, string>>; seconds: number },
  ): Promise<RunningProgram> {
    const mark = `/tmp/.program-${randomBytes(8).toString('hex')}`;
    const ended = this.#cell
      .exec({
        command: `echo $$ >${mark}; ${command}`,
        timeoutMs: seconds * 1000 + PROGRAM_MARGIN_MS,
        outputBytesMax: PROGRAM_OUTPUT_BYTES_MAX,
        environment,
      })
      .then(({ exitCode, stdout, stderr }) => ({ exitCode, printed: `${stdout}\n${stderr}`.trim() }));
    ended.catch(() => undefined);
    const kill = async (): Promise<void> => {
      const how = `[ -s ${mark} ] && kill -9 -- -"$(cat ${mark})"`;
      await this.#cell.exec({ command: how, timeoutMs: 5_000, outputBytesMax: 1024 });
      await ended.catch(() => undefined);
    };
    return { ended, kill };
  }

  #ports(): ActPorts {
    const lab = this.#lab;
    const first = lab.clusters[0]?.id ?? 'main';
    const { cell } = { cell: this.#cell };
    return {
      clients: this.#clients,
      connections: Object.fromEntries(lab.clusters.map((of) => [of.id, connectionOf(cell, lab, of)])),
      firstCluster: first,
      brokers: (cluster) => brokerPort(cell, cluster === first ? undefined : cluster),
      loads: {
        start: async (spec, cluster) => {
          this.#loads.set(spec.id, spec);
          await cell.loads.start({ ...workOf(spec), cluster: cluster === first ? undefined : cluster });
        },
        stop: (id) => cell.loads.stop(id),
      },
      files: {
        exists: async (path) => (await this.readFiles([path]))[path] !== null,
        write: async (path, content, executable) =>
          void (await cell.files.write(path, content, { executable })),
        readGiven: (from, options) => Promise.resolve(readGivenFile(lab, from, options)),
      },
      scripts: {
        start: async ({ path, log }) => {
          const command = `nohup bash ${path} >${log} 2>&1 </dev/null &`;
          await cell.exec({ command, timeoutMs: SCRIPT_START_MS, outputBytesMax: 1024 });
        },
      },
      signal: this.#ending.signal,
    };
  }
}

function brokerPort(cell: Cell, cluster: string | undefined): BrokerPort {
  return {
    status: async () => (await cell.cluster.status(cluster)).nodes,
    fault: (fault, broker) => cell.cluster[fault](broker, cluster),
    heal: () => cell.cluster.heal(cluster),
    add: async () => void (await cell.cluster.add(cluster)),
  };
}
