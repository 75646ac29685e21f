/** The cluster map: how soon a change is on it, and what thirty open ones cost. */
import type { Client } from '@brokerlab/broker/client';
import { Producer, startWorkload, type Workload } from '@brokerlab/broker/client';
import type { ServerMessage } from '@brokerlab/server/contract';
import type { Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { cellClient, cellConnections } from '../support/cell-sockets.ts';
import { commandLine, cpuMs, descendants } from '../support/processes.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { atMost, type Bench, percentile } from './measure.ts';
import { openOnce } from './open.ts';

const ROUNDS = 15;
const MAPS = 30;
const SETTLE_MS = 15_000;
/** With and without maps, in turns, so that what else the machine does falls on both. */
const TURNS = 3;
const TURN_MS = 12_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const mapBench: Bench = {
  name: 'map',
  what: 'change in the cluster (topic, records, leader) → seen on the map in a real browser',
  async run(report) {
    await using server = await startServer();
    await using browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByTestId('try-here').click();
    await page.getByTestId('lab-first-topic').click();
    await page.getByTestId('map-broker-3').waitFor({ timeout: 30_000 });
    const [connection] = cellConnections(server.dataDir);
    await using client = cellClient(connection!);
    const producer = new Producer({ ...connection!, lingerMs: 0 });
    const times = { topic: [] as number[], records: [] as number[], leader: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      const topic = `t${round}`;
      const cell = `[data-cell="main/${topic}/0"]`;
      times.topic.push(await seen(page, `${cell}[data-role="leader"]`, () => create(client, topic)));
      // Records come while people read; the pace of looks is not what is measured here.
      await pause(700);
      times.records.push(
        await seen(page, { shows: `${cell} .replica-offset`, text: '1' }, () => sendOne(producer, topic)),
      );
      await pause(700);
      const moved = `${cell}[data-column="2"][data-role="leader"]`;
      times.leader.push(await seen(page, moved, () => moveLeader(client, topic)));
      await pause(700);
      await client.deleteTopics([topic]);
      await pause(700);
    }
    await producer.close();
    for (const [what, some] of Object.entries(times)) {
      report(`${what}: ${some.map((time) => time.toFixed(0)).join(' ')} ms`);
    }
    const all = Object.values(times).flat();
    return [
      atMost('map', percentile(all, 95), { unit: 'ms', target: 200 }),
      { name: 'map-median', value: percentile(all, 50), unit: 'ms' },
    ];
  },
};

async function create(client: Client, name: string): Promise<void> {
  await client.createTopics([{ name, assignments: [[1, 2]] }]);
}

async function sendOne(producer: Producer, topic: string): Promise<void> {
  const record = { topic, partition: 0, key: null, value: Buffer.from('x') };
  await new Promise<void>((done) => void producer.send(record, () => done()));
}

async function moveLeader(client: Client, topic: string): Promise<void> {
  await client.alterReassignments([{ topic, partition: 0, replicas: [2, 1] }]);
  await client.electPreferredLeaders([{ topic, partition: 0 }]);
}

type Sight = string | { readonly shows: string; readonly text: string };

/** From the moment the change has been made until the page shows it; 0 when it was shown before the call had ended. */
async function seen(page: Page, sight: Sight, change: () => Promise<void>): Promise<number> {
  const selector = typeof sight === 'string' ? sight : sight.shows;
  const text = typeof sight === 'string' ? '' : sight.text;
  // As text, because the loader of this file marks functions in a way only it knows.
  await page.evaluate(`window.brokerlabSeenAt = new Promise((resolve) => {
    const look = () => {
      const found = document.querySelector(${JSON.stringify(selector)});
      if (found && found.textContent.includes(${JSON.stringify(text)})) resolve(Date.now());
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  }); undefined`);
  await change();
  const changedAt = Date.now();
  const seenAt = (await page.evaluate('window.brokerlabSeenAt')) as number;
  return Math.max(0, seenAt - changedAt);
}

export const mapThirtyBench: Bench = {
  name: 'map-30',
  what: `processor that ${MAPS} open maps on ${MAPS} working clusters (a producer, a group of two) cost: server and cells, with maps less without`,
  async run(report) {
    await using server = await startServer();
    const trainees = await Promise.all(Array.from({ length: MAPS }, () => Trainee.tryHere(server.url)));
    for (const trainee of trainees) await openOnce(trainee);
    let messages = 0;
    for (const trainee of trainees) {
      trainee.onMessage((message: ServerMessage) => {
        if (message.type === 'map') messages += 1;
      });
    }
    const loads: Workload[] = [];
    for (const connection of cellConnections(server.dataDir)) loads.push(...(await work(connection)));
    await pause(SETTLE_MS);
    const pids = [server.pid, ...descendants(server.pid)];
    const cells = pids.filter((pid) => commandLine(pid).includes('cell/main'));
    const used = () => ({
      server: cpuMs(server.pid),
      cells: cells.reduce((sum, pid) => sum + cpuMs(pid), 0),
    });
    const watch = (on: boolean) =>
      Promise.all(trainees.map((trainee) => trainee.send({ type: 'map.watch', on })));
    const spent = { server: 0, cells: 0, ms: 0 };
    for (let turn = 0; turn < TURNS; turn++) {
      for (const on of [false, true]) {
        await watch(on);
        await pause(1_500);
        const before = { ...used(), at: performance.now() };
        await pause(TURN_MS);
        const after = used();
        const sign = on ? 1 : -1;
        spent.server += sign * (after.server - before.server);
        spent.cells += sign * (after.cells - before.cells);
        if (on) spent.ms += performance.now() - before.at;
      }
    }
    for (const load of loads) await load.stop();
    for (const trainee of trainees) trainee.close();
    const cores = (ms: number) => ms / spent.ms;
    report(`server ${cores(spent.server).toFixed(3)} core, cells ${cores(spent.cells).toFixed(3)} core`);
    report(`${((messages / spent.ms) * 1000).toFixed(0)} updates a second to ${MAPS} windows`);
    // What the brokers spend on their own work goes up and down by more than the looks take of it.
    const total = cores(spent.server) + Math.max(0, cores(spent.cells));
    return [atMost('map-30', total, { unit: 'core', target: 0.1 })];
  },
};

/** As in a lab: ten records a second, and two consumers that keep up. */
async function work(connection: ReturnType<typeof cellConnections>[number]): Promise<Workload[]> {
  await using client = cellClient(connection);
  await client.createTopics([{ name: 'orders', partitions: 3, replicationFactor: 3 }]);
  const produce = {
    ...{ topic: 'orders', perSecond: 10, keys: 3, value: 'order {n}', acks: -1 as const },
    ...{ idempotence: true, deliveryTimeoutMs: 30_000 },
  };
  const consume = {
    ...{ topic: 'orders', group: 'shipping', processingMs: 10, assignor: 'range' as const },
    ...{ offsetReset: 'earliest' as const, instanceIds: false, sessionTimeoutMs: 30_000, commitMs: 5_000 },
    ...{ heartbeatMs: 3_000, maxPollIntervalMs: 300_000, maxPollRecords: 500 },
  };
  return [
    await startWorkload({ id: 'p', clientId: 'load', work: { produce }, clients: 1, connection }),
    await startWorkload({ id: 'c', clientId: 'load', work: { consume }, clients: 2, connection }),
  ];
}
