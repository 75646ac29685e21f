/**
 * Runs a trainee's program for a `program` check: makes fresh topics, hides input in them, starts the program, kills it
 * where the check says so and starts it again, ends it when its work is done, and reads what the cluster holds then.
 * The program's own word counts for nothing: only how it ended, and the cluster.
 */
import type { Client } from '@brokerlab/broker/client';
import { performAll } from '../act/perform.ts';
import type { Connection } from '../act/produce.ts';
import type { ProgramInput, ProgramRun, ProgramStart } from '../checks/verdict.ts';
import type { ProgramCheck } from '../lab/schema.ts';
import { readRecords } from '../observe/records.ts';
import type { RecordView, TopicView } from '../observe/snapshot.ts';
import { drawInputs, inputRecord } from './inputs.ts';

export interface RunningProgram {
  /** null: ended by a signal. Resolves once it is gone, with everything it started. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly printed: string }>;
  /** As `kill -9`, and everything it started with it. */
  kill(): Promise<void>;
}

export interface ProgramPorts {
  readonly client: Client;
  readonly connection: Connection;
  /** As the program reaches the cluster. */
  readonly bootstrap: string;
  readonly exists: (path: string) => Promise<boolean>;
  /** A file of the lab's own, as it is. */
  readonly readGiven: (from: string) => Promise<string>;
  readonly start: (command: string, environment: Readonly<Record<string, string>>) => Promise<RunningProgram>;
  /** Whole number below `bound`. */
  readonly random: (bound: number) => number;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 60;
/**
 * A program whose group has settled, and that has neither sent nor committed anything for so many looks, gets no
 * further. Looks, not seconds: on a busy machine they take longer, as the program does.
 */
const STILL_LOOKS = 60;
const PRINTED_MAX = 4_000;
/** The name under which a check's script is handed to bash. */
const SCRIPT = 'CHECK_SCRIPT';

interface Names {
  readonly input: string | null;
  readonly output: string | null;
  readonly deadLetter: string | null;
  readonly group: string;
}

export async function runProgram(check: ProgramCheck, ports: ProgramPorts): Promise<ProgramRun> {
  const missingFiles: string[] = [];
  for (const path of check.files) if (!(await ports.exists(path))) missingFiles.push(path);
  if (missingFiles.length > 0) return { ...NOTHING, missingFiles };
  const run = new Run(check, ports);
  try {
    await run.prepare();
    await run.carryOut();
    return await run.result();
  } catch (error) {
    if (ports.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return {
      ...NOTHING,
      broken: {
        ko: `프로그램을 시험해 보지 못했어요: ${why}. 다시 실행해 보세요.`,
        en: `The program could not be tried: ${why}. Run it again.`,
      },
    };
  } finally {
    await run.cleanUp();
  }
}

const NOTHING: ProgramRun = {
  missingFiles: [],
  starts: [],
  inputs: [],
  outputs: [],
  deadLetters: [],
  committed: null,
  inputTotal: 0,
  seconds: 0,
};

class Run {
  readonly #check: ProgramCheck;
  readonly #ports: ProgramPorts;
  readonly #names: Names;
  readonly #starts: ProgramStart[] = [];
  #inputs: ProgramInput[] = [];
  #rest: ProgramInput[] = [];
  #seconds = 0;

  constructor(check: ProgramCheck, ports: ProgramPorts) {
    this.#check = check;
    this.#ports = ports;
    const word = Array.from({ length: 6 }, () => ports.random(36).toString(36)).join('');
    this.#names = {
      input: check.input === undefined ? null : `input-${word}`,
      output: check.output === undefined ? null : `output-${word}`,
      deadLetter: check.deadLetter ? `dead-letters-${word}` : null,
      group: `group-${word}`,
    };
  }

  async prepare(): Promise<void> {
    const { input, output } = this.#check;
    const topics = [
      { topic: this.#names.input, partitions: input?.partitions ?? 1 },
      { topic: this.#names.output, ...output },
      { topic: this.#names.deadLetter, partitions: 1 },
    ].flatMap(({ topic, ...shape }) => (topic === null ? [] : [{ createTopic: { topic, ...shape } }]));
    await performAll(topics, this.#actPorts());
    if (input === undefined) return;
    const all = drawInputs(input, {
      random: this.#ports.random,
      resumes: this.#check.committedBefore === true,
    });
    const first = this.#check.committedBefore ? all.filter(({ expected }) => !expected) : all;
    if (this.#check.committedBefore) {
      await this.#send(first);
      await performAll(
        [{ commitOffsets: { group: this.#names.group, topic: this.#names.input ?? '', to: 'latest' } }],
        this.#actPorts(),
      );
    }
    const later = this.#check.committedBefore ? all.filter(({ expected }) => expected) : all;
    const atOnce = Math.round(later.length * input.split);
    await this.#send(later.slice(0, atOnce));
    this.#rest = later.slice(atOnce);
    this.#inputs = all;
  }

  async carryOut(): Promise<void> {
    const { crash } = this.#check;
    const began = performance.now();
    for (let crashes = crash?.times ?? 0; crashes > 0; crashes--) {
      const done = (crash?.times ?? 0) - crashes + 1;
      const start = await this.#once((program) => this.#crashPoint(program, done), 'crashed');
      if (start.end !== 'crashed') break;
    }
    const last = this.#starts.at(-1);
    if (last === undefined || last.end === 'crashed')
      await this.#once((program) => this.#workDone(program), 'ended');
    this.#seconds = (performance.now() - began) / 1000;
  }

  async result(): Promise<ProgramRun> {
    const [outputs, deadLetters, committed] = await Promise.all([
      this.#read(this.#names.output),
      this.#read(this.#names.deadLetter),
      this.#committed(),
    ]);
    return {
      missingFiles: [],
      starts: this.#starts,
      inputs: this.#inputs,
      outputs,
      deadLetters,
      committed,
      inputTotal: this.#inputs.length,
      seconds: Math.round(this.#seconds * 10) / 10,
    };
  }

  async cleanUp(): Promise<void> {
    const { input, output, deadLetter, group } = this.#names;
    const topics = [input, output, deadLetter].filter((topic) => topic !== null);
    await this.#ports.client.deleteTopics(topics).catch(() => undefined);
    await this.#ports.client.deleteGroups([group]).catch(() => undefined);
  }

  async #start(): Promise<RunningProgram> {
    const { script, command } = this.#check;
    const environment = this.#environment();
    if (script === undefined) return this.#ports.start(command, environment);
    // Handed over at each run, so that the box holds no file of it that could be changed.
    return this.#ports.start(`bash -c "$${SCRIPT}"`, {
      ...environment,
      [SCRIPT]: await this.#ports.readGiven(script),
    });
  }

  /** Starts the program and ends it where `point` is reached, unless it ends by itself or runs out of time. */
  async #once(
    point: (program: { over: () => boolean }) => Promise<boolean>,
    end: 'crashed' | 'ended',
  ): Promise<ProgramStart> {
    const program = await this.#start();
    let over = false;
    const ended = program.ended.finally(() => {
      over = true;
    });
    if (this.#rest.length > 0) void this.#send(this.#rest.splice(0)).catch(() => undefined);
    const deadline = performance.now() + this.#check.seconds * 1000;
    let reached = false;
    const stalls = this.#stallWatch();
    while (!over && performance.now() < deadline && !this.#ports.signal.aborted) {
      reached = await point({ over: () => over });
      if (reached || (await stalls())) break;
      await Promise.race([
        ended.then(
          () => undefined,
          () => undefined,
        ),
        pause(LOOK_EVERY_MS),
      ]);
    }
    const byItself = over;
    if (!byItself) await program.kill();
    const { exitCode, printed } = await ended;
    const start: ProgramStart = {
      exitCode: byItself ? exitCode : null,
      end: byItself ? 'exited' : reached ? end : 'timedOut',
      printed: printed.slice(-PRINTED_MAX),
    };
    this.#starts.push(start);
    return start;
  }

  /** Only for programs that do not end by themselves. */
  #stallWatch(): () => Promise<boolean> {
    if (this.#check.until === 'exit') return () => Promise.resolve(false);
    let [last, still] = ['', 0];
    return async () => {
      const [group] = await this.#ports.client.describeGroups([this.#names.group]).catch(() => []);
      const ends = await this.#ends();
      const now = JSON.stringify([group?.state, ends, await this.#committed()]);
      still = now === last && group?.state === 'Stable' ? still + 1 : 0;
      last = now;
      return still >= STILL_LOOKS;
    };
  }

  /** How much has come out, whether it is committed or not. */
  async #ends(): Promise<number> {
    const { output, deadLetter } = this.#names;
    const places = [
      ...range(output === null ? 0 : (this.#check.output?.partitions ?? 1)).map((partition) => ({
        topic: output ?? '',
        partition,
      })),
      ...(deadLetter === null ? [] : [{ topic: deadLetter, partition: 0 }]),
    ];
    const answers = await this.#ports.client
      .listOffsets(places.map((place) => ({ ...place, at: 'latest' as const })))
      .catch(() => []);
    return answers.reduce((sum, { offset }) => sum + offset, 0);
  }

  async #crashPoint(program: { over: () => boolean }, times: number): Promise<boolean> {
    const after = this.#check.crash?.after;
    if (after === undefined || program.over()) return false;
    if ('seconds' in after) {
      await pause(after.seconds * 1000);
      return true;
    }
    if ('output' in after) return (await this.#outputCount()) >= after.output * times;
    return ((await this.#committed()) ?? 0) >= after.committed * times;
  }

  async #workDone(program: { over: () => boolean }): Promise<boolean> {
    const { until } = this.#check;
    if (until === 'exit' || program.over()) return false;
    if (until === 'committed') return ((await this.#committed()) ?? 0) >= this.#inputs.length;
    const wanted = this.#inputs.filter(({ expected }) => expected).length;
    const out =
      (await this.#read(this.#names.output)).length + (await this.#read(this.#names.deadLetter)).length;
    if (out < wanted) return false;
    // What comes twice comes a little later.
    await pause(500);
    return true;
  }

  async #outputCount(): Promise<number> {
    return (await this.#read(this.#names.output)).length;
  }

  async #read(topic: string | null): Promise<RecordView[]> {
    if (topic === null) return [];
    const { client } = this.#ports;
    const { topics } = await client.metadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    const [starts, ends] = await Promise.all(
      (['earliest', 'latest'] as const).map((at) =>
        client.listOffsets(
          partitions.map(({ partition }) => ({ topic, partition, at })),
          { isolation: 'read_committed' },
        ),
      ),
    );
    const view: TopicView = {
      id: '',
      internal: false,
      partitions: partitions.map((partition, index) => ({
        ...partition,
        leader: partition.leader ?? -1,
        startOffset: starts?.[index]?.offset ?? 0,
        endOffset: ends?.[index]?.offset ?? 0,
      })),
    };
    const read = await readRecords(client, { topics: { [topic]: view }, names: [topic], committed: true });
    return [...(read[topic]?.records ?? [])];
  }

  async #committed(): Promise<number | null> {
    if (this.#names.input === null) return null;
    const offsets = await this.#ports.client.offsetFetch(this.#names.group).catch(() => []);
    const mine = offsets.filter(({ topic, offset }) => topic === this.#names.input && offset !== null);
    return mine.length === 0 ? null : mine.reduce((sum, { offset }) => sum + (offset ?? 0), 0);
  }

  async #send(inputs: readonly ProgramInput[]): Promise<void> {
    const { input } = this.#names;
    if (input === null || inputs.length === 0) return;
    const batchRecords = this.#check.input?.batchRecords;
    const base = { topic: input, value: '', compression: 'none' as const, batchRecords };
    const act = { produce: { ...base, records: inputs.map(inputRecord) } };
    await performAll([act], this.#actPorts());
  }

  #environment(): Record<string, string> {
    const { input, output, deadLetter, group } = this.#names;
    const given = Object.entries(this.#check.environment).map(
      ([key, value]) => [key, String(value)] as const,
    );
    return {
      ...Object.fromEntries(given),
      KAFKA_BOOTSTRAP: this.#ports.bootstrap,
      GROUP_ID: group,
      ...(input === null ? {} : { INPUT_TOPIC: input }),
      ...(output === null ? {} : { OUTPUT_TOPIC: output }),
      ...(deadLetter === null ? {} : { DEAD_LETTER_TOPIC: deadLetter }),
    };
  }

  #actPorts() {
    const refuse = () => Promise.reject(new Error('not while a program is tried'));
    return {
      clients: { main: this.#ports.client },
      connections: { main: this.#ports.connection },
      firstCluster: 'main',
      brokers: () => ({ status: refuse, fault: refuse, heal: refuse, add: refuse }),
      loads: { start: refuse, stop: refuse },
      files: { exists: refuse, write: refuse, readGiven: refuse },
      scripts: { start: refuse },
    };
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
