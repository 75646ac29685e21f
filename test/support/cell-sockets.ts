/** Clients of trainees' clusters from outside their cells, as the server has them: over the cells' Unix sockets. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ClientOptions, connectCluster } from '@brokerlab/broker/client';

/** One for each open cell of a server with this data folder. */
export function cellConnections(dataDir: string): Required<Pick<ClientOptions, 'dial'>>[] {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 10);
  const runDir = join(tmpdir(), `brokerlab-${name}`);
  return readdirSync(runDir).map((cell) => ({
    dial: (target) => connect(join(runDir, cell, `b${target === 'bootstrap' ? 1 : target}.sock`)),
  }));
}

export const cellClient = (connection: Required<Pick<ClientOptions, 'dial'>>) => connectCluster(connection);
