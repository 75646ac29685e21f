/**
 * Backup and restore: one file with the database and every trainee's home and clusters. Of a server that runs, the database
 * is of one moment; environments that run are saved as a kill would leave them, which their brokers recover from.
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { CONTROL_SOCKET } from './control.ts';

export class BackupError extends Error {}

export interface Places {
  readonly dataDirectory: string;
  /** Homes and clusters, which need not lie in the data folder. */
  readonly cellsDirectory: string;
}

const DATABASE = 'brokerlab.db';
const ANSWER_MS_MAX = 60_000;

/** Resolves to the file's size in bytes. */
export async function backUp({ dataDirectory, cellsDirectory }: Places, file: string): Promise<number> {
  await mustExist(join(dataDirectory, DATABASE), `There is no Brokerlab data in ${dataDirectory}.`);
  const stage = await mkdtemp(join(tmpdir(), 'brokerlab-backup-'));
  try {
    await copyDatabase(dataDirectory, stage);
    await mkdir(cellsDirectory, { recursive: true, mode: 0o711 });
    const names = await readdir(stage);
    const cells = ['-C', dirname(resolve(cellsDirectory)), basename(cellsDirectory)];
    const unfinished = `${file}.unfinished`;
    await tar(['-czf', resolve(unfinished), '--exclude=*.sock', '-C', stage, ...names, ...cells], [0, 1]);
    await rename(unfinished, file);
    return (await stat(file)).size;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Into a data folder that holds nothing yet: what is there is never written over. */
export async function restore(file: string, { dataDirectory, cellsDirectory }: Places): Promise<void> {
  await mustExist(file, `There is no file ${file}.`);
  if (await exists(join(dataDirectory, DATABASE))) {
    throw new BackupError(
      `${dataDirectory} holds a Brokerlab already. Name an empty folder with --data DIR, or move that one away first.`,
    );
  }
  if ((await exists(cellsDirectory)) && (await readdir(cellsDirectory)).length > 0) {
    throw new BackupError(`${cellsDirectory} is not empty. Move it away first.`);
  }
  const stage = await mkdtemp(join(dirname(resolve(dataDirectory)), '.brokerlab-restore-'));
  try {
    const database = ['-C', stage, '-xzpf', resolve(file), '--exclude=cells'];
    await tar(database, [0]).catch(() => undefined);
    await mustExist(join(stage, DATABASE), `${file} is not a backup of Brokerlab.`);
    await mkdir(cellsDirectory, { recursive: true, mode: 0o711 });
    await tar(
      ['-C', dirname(resolve(cellsDirectory)), '-xzpf', resolve(file), basename(cellsDirectory)],
      [0],
    );
    // The database last, for it is what makes the folder one of Brokerlab's.
    for (const name of (await readdir(stage)).sort().reverse()) {
      await copyFile(join(stage, name), join(dataDirectory, name));
    }
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** A running server makes it; of one that is stopped, or was killed, it is the file with its write-ahead log. */
async function copyDatabase(dataDirectory: string, stage: string): Promise<void> {
  const socket = join(dataDirectory, CONTROL_SOCKET);
  const answer = (await exists(socket)) ? await ask(socket, 'backup') : null;
  if (answer === null) {
    for (const name of [DATABASE, `${DATABASE}-wal`]) {
      if (await exists(join(dataDirectory, name)))
        await copyFile(join(dataDirectory, name), join(stage, name));
    }
    return;
  }
  const { copy, error } = JSON.parse(answer) as { copy?: string; error?: string };
  if (copy === undefined) {
    throw new BackupError(`The server could not copy its database: ${error ?? 'no reason given'}.`);
  }
  try {
    await copyFile(copy, join(stage, DATABASE));
  } finally {
    await rm(copy, { force: true });
  }
}

function ask(path: string, request: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = '';
    socket.setTimeout(ANSWER_MS_MAX, () => {
      socket.destroy();
      reject(new BackupError('The server does not answer. Try again, or stop it first.'));
    });
    socket.once('connect', () => socket.write(`${request}\n`));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.once('error', () => resolve(null));
    socket.once('close', () => resolve(answer === '' ? null : answer));
  });
}

/** Ends with 1 when a file changed while it was read: of running environments that is so. */
function tar(args: readonly string[], fine: readonly number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('tar', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-500);
    });
    child.once('error', (error) => reject(new BackupError(`tar can't be run: ${error.message}`)));
    child.once('exit', (code) => {
      if (code !== null && fine.includes(code)) resolve();
      else reject(new BackupError(`tar ended with ${code}: ${words.trim()}`));
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function mustExist(path: string, sentence: string): Promise<void> {
  if (!(await exists(path))) throw new BackupError(sentence);
}
