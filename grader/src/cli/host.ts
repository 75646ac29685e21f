/**
 * Where a lab is proven: its clusters, a home of its own with a real terminal, load, and the trainee's programs. Opened
 * anew for each take; the owner closes it, and nothing of it is left.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Client } from '@brokerlab/broker/client';
import { connectCluster } from '@brokerlab/broker/client';
import { readGivenFile } from '../act/given-file.ts';
import type { ActPorts, BrokerPort, FilePort } from '../act/perform.ts';
import type { Connection } from '../act/produce.ts';
import type { Lab } from '../lab/schema.ts';
import type { RunningProgram } from '../program/run-program.ts';
import { addressed } from './addresses.ts';
import type { LabBrokers, LabClusterHandle } from './lab-cluster.ts';
import type { DoorHandler, LabDoor } from './lab-door.ts';
import { openDoor } from './lab-door.ts';
import { Loads } from './loads.ts';
import type { Enclose } from './private-tmp.ts';
import { privateTmp } from './private-tmp.ts';
import { startProgram } from './program-process.ts';
import type { Terminal } from './terminal.ts';
import { openTerminal } from './terminal.ts';

export interface HostOptions {
  readonly lab: Lab;
  readonly startCluster: (cluster: Lab['clusters'][number]) => Promise<LabClusterHandle>;
  /** Folder in which the home is made. */
  readonly homes: string;
  readonly tools: string;
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const FILE_CHARACTERS_MAX = 200_000;

/** A class for what it owns. */
export class Host {
  readonly lab: Lab;
  readonly clients: Readonly<Record<string, Client>>;
  readonly connections: Readonly<Record<string, Connection>>;
  readonly loads: Loads;
  readonly terminal: Terminal;
  readonly home: string;
  /** What is started in this scene sees a `/tmp` of its own. */
  readonly enclose: Enclose;
  readonly #clusters: Readonly<Record<string, LabClusterHandle>>;
  readonly #tmp: string;
  readonly #door: LabDoor;
  readonly #options: HostOptions;
  readonly #scripts: RunningProgram[] = [];
  /** Answers what is typed as `lab …`; set by the recording under way. */
  onLab: (words: readonly string[]) => Promise<{ text: string; exitCode: number }> = unheard;

  private constructor(options: HostOptions, parts: HostParts) {
    this.#options = options;
    this.lab = options.lab;
    this.#clusters = parts.clusters;
    this.home = parts.home;
    this.enclose = parts.enclose;
    this.#tmp = parts.tmp;
    this.#door = parts.door;
    this.terminal = parts.terminal;
    this.connections = mapValues(parts.clusters, ({ bootstrap }) => ({ bootstrap }));
    this.clients = mapValues(parts.clusters, ({ bootstrap }) => connectCluster({ bootstrap, ...CLIENT }));
    this.loads = new Loads(this.connections);
  }

  static async open(options: HostOptions): Promise<Host> {
    const home = mkdtempSync(join(options.homes, 'home-'));
    const clusters: Record<string, LabClusterHandle> = {};
    const tmp = mkdtempSync(join(options.homes, 'tmp-'));
    const opened: (() => unknown)[] = [home, tmp].map((path) => () => remove(path));
    try {
      await Promise.all(
        options.lab.clusters.map(async (cluster) => {
          const handle = await options.startCluster(cluster);
          opened.push(() => handle.close());
          clusters[cluster.id] = handle;
        }),
      );
      prepareHome(home, options);
      let host: Host | undefined;
      const answer: DoorHandler = (tool, words) => {
        if (host === undefined) return unheard();
        return tool === 'lab' ? host.onLab(words) : host.#cluster(words);
      };
      const door = await openDoor(home, answer);
      opened.push(() => door.close());
      const { tools, environment } = options;
      const enclose = privateTmp(tmp, [options.root, home, ...tools.split(':')]);
      const terminal = await openTerminal({ tools: `${door.folder}:${tools}`, home, environment, enclose });
      host = new Host(options, { clusters, home, tmp, enclose, door, terminal });
      return host;
    } catch (error) {
      for (const close of opened.reverse()) await close();
      throw error;
    }
  }

  /** What a lab says of `localhost:9092` is true of wherever the cluster is. */
  addressed(text: string): string {
    return addressed(
      text,
      this.lab.clusters,
      mapValues(this.#clusters, ({ bootstrap }) => bootstrap),
    );
  }

  get ports(): ActPorts {
    return {
      clients: this.clients,
      connections: this.connections,
      firstCluster: this.lab.clusters[0]?.id ?? 'main',
      brokers: (cluster) => this.#brokers(cluster),
      loads: this.loads,
      files: this.#files(),
      scripts: { start: (script) => this.#startScript(script) },
      signal: this.#options.signal,
    };
  }

  bootstrap(cluster: string): string {
    return this.#clusters[cluster]?.bootstrap ?? '';
  }

  readFile(path: string): string | null {
    const file = this.#inHome(path);
    return existsSync(file) ? readFileSync(file, 'utf8').slice(0, FILE_CHARACTERS_MAX) : null;
  }

  async close(): Promise<void> {
    this.terminal.close();
    this.#door.close();
    await Promise.all(this.#scripts.map((script) => script.kill()));
    await this.loads.stopAll();
    await Promise.all(Object.values(this.clients).map((client) => client.close()));
    await Promise.all(Object.values(this.#clusters).map((cluster) => cluster.close()));
    for (const path of [this.home, this.#tmp]) remove(path);
  }

  #brokers(cluster: string): LabBrokers {
    const handle = this.#clusters[cluster];
    if (handle === undefined) throw new Error(`there is no cluster ${cluster}`);
    return handle.brokers;
  }

  #files(): FilePort {
    return {
      exists: (path) => Promise.resolve(existsSync(this.#inHome(path))),
      write: (path, content, executable) => {
        const file = this.#inHome(path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, this.addressed(content));
        if (executable) chmodSync(file, 0o755);
        return Promise.resolve();
      },
      readGiven: (from, options) => Promise.resolve(readGivenFile(this.lab, from, options)),
    };
  }

  async #startScript({ path, log }: { path: string; log: string }): Promise<void> {
    const { tools, environment } = this.#options;
    const command = `exec bash ${path} >${log} 2>&1`;
    this.#scripts.push(
      await startProgram(command, { home: this.home, tools, environment, enclose: this.enclose }),
    );
  }

  #inHome(path: string): string {
    const file = resolve(this.home, path);
    if (relative(this.home, file).startsWith('..')) throw new Error(`${path} lies outside the home`);
    return file;
  }

  /** `cluster stop 2`, as in the box. */
  async #cluster(words: readonly string[]): Promise<{ text: string; exitCode: number }> {
    const [verb = 'status', node = '', of] = words;
    const brokers = this.#brokers(of ?? this.lab.clusters[0]?.id ?? 'main');
    if (verb === 'status') return { text: `${JSON.stringify(await brokers.status())}\n`, exitCode: 0 };
    if (verb === 'heal') await brokers.heal();
    else if (verb === 'add') await brokers.add();
    else if (verb === 'remove') await brokers.remove(Number(node));
    else await brokers.fault(verb as Parameters<BrokerPort['fault']>[0], Number(node));
    return { text: `${verb} ${node}\n`, exitCode: 0 };
  }
}

interface HostParts {
  readonly tmp: string;
  readonly enclose: Enclose;
  readonly clusters: Readonly<Record<string, LabClusterHandle>>;
  readonly home: string;
  readonly door: LabDoor;
  readonly terminal: Terminal;
}

const CLIENT = { apiTimeoutMs: 15_000, requestTimeoutMs: 8_000, connectTimeoutMs: 3_000 };

function unheard(): Promise<{ text: string; exitCode: number }> {
  return Promise.resolve({ text: 'no step is open\n', exitCode: 1 });
}

/** Packages that a trainee's program may import, and a node that runs TypeScript. */
function prepareHome(home: string, { root }: HostOptions): void {
  const packages = [join(root, 'dist/node_modules'), join(root, 'node_modules')].find((dir) =>
    existsSync(join(dir, 'kafkajs')),
  );
  if (packages !== undefined) symlinkSync(packages, join(home, 'node_modules'));
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  const folder = join(home, '.lab');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node'), nodeForTypeScript(join(root, 'node_modules')));
  chmodSync(join(folder, 'node'), 0o755);
}

/** esbuild takes the types off in a hundredth of a second of processor; what it refuses, tsx runs or tells why not. */
function nodeForTypeScript(packages: string): string {
  // The program itself: what lies in bin/ may start a Node.js of its own first.
  const native = join(packages, `@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
  const esbuild = `"${native}" --bundle --packages=external --platform=node`;
  return [
    '#!/bin/sh',
    'program="$HOME/.lab/program-$$.mjs"',
    'case "$1" in *.ts)',
    `  if ${esbuild} --format=esm --sourcemap=inline --log-level=silent --outfile="$program" "$1" 2>/dev/null; then`,
    `    shift; exec "${process.execPath}" --enable-source-maps "$program" "$@"`,
    '  fi;;',
    'esac',
    `exec "${process.execPath}" --import "${join(packages, 'tsx/dist/loader.mjs')}" "$@"`,
    '',
  ].join('\n');
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
