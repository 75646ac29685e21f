/** The map's feed beside a real cluster: what it shows, when it looks, and what a broker that is stuck does not hold up. */
import { type Client, Consumer, connectCluster, Producer } from '@brokerlab/broker/client';
import { type Cluster, startNodes } from '@brokerlab/broker/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyMapChange, type MapState, type MapUpdate } from '../../server/src/contract/main.ts';
import { MapFeed } from '../../server/src/grading/map/map-feed.ts';
import { eventually } from '../support/eventually.ts';

let cluster: Cluster;
let admin: Client;
const listeners = new Set<(kinds: readonly string[]) => void>();

beforeAll(async () => {
  cluster = await startNodes({
    basePort: 0,
    flush: 'never',
    config: { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' },
    onChange: ({ kinds }) => {
      for (const listener of listeners) listener([...kinds]);
    },
  });
  admin = connectCluster({ bootstrap: cluster.bootstrap });
});
afterAll(async () => {
  await admin.close();
  await cluster[Symbol.asyncDispose]();
});

/** A window that watches: what it would draw. */
class Window implements AsyncDisposable {
  readonly updates: MapUpdate[] = [];
  readonly errors: unknown[] = [];
  readonly feed: MapFeed;
  state: MapState | null = null;
  clients = 0;
  readonly #wake = (kinds: readonly string[]) => this.feed.wake(kinds);

  constructor(options: { ticks: boolean; pollMs?: number }) {
    this.feed = new MapFeed({
      connect: () => {
        this.clients += 1;
        const client = connectCluster({ bootstrap: cluster.bootstrap, requestTimeoutMs: 4_000 });
        return [{ id: 'main', client, brokers: [] }];
      },
      onUpdate: (update) => this.#take(update),
      onError: (error) => this.errors.push(error),
      now: Date.now,
      pollMs: options.pollMs ?? 60_000,
    });
    if (options.ticks) listeners.add(this.#wake);
  }

  get main() {
    return this.state!.clusters['main']!;
  }

  #take(update: MapUpdate): void {
    this.updates.push(update);
    if (update.kind === 'whole') this.state = update.state;
    else this.state = applyMapChange(this.state!, update.change);
  }

  async [Symbol.asyncDispose]() {
    listeners.delete(this.#wake);
    await this.feed.stop();
  }
}

async function watching(options: { ticks: boolean; pollMs?: number } = { ticks: true }): Promise<Window> {
  const window = new Window(options);
  window.feed.watch(true);
  await eventually(() => expect(Object.keys(window.main.brokers)).toHaveLength(3));
  return window;
}

async function produce(topic: string, count: number): Promise<void> {
  const producer = new Producer({ bootstrap: cluster.bootstrap });
  for (let index = 0; index < count; index++) {
    await producer.send({ topic, partition: 0, key: null, value: Buffer.from('x') }, () => undefined);
  }
  await producer.close();
}

describe('the map feed', () => {
  test('shows a topic, its replicas and its high watermark as they change, by small changes', async () => {
    await using window = await watching();
    await admin.createTopics([{ name: 'orders', partitions: 2, replicationFactor: 3 }]);
    await eventually(() => expect(window.main.topics['orders']?.partitions['1']?.isr).toHaveLength(3));
    await produce('orders', 5);
    await eventually(() => expect(window.main.topics['orders']!.ends['0']).toBe(5));
    expect(window.updates.filter(({ kind }) => kind === 'whole')).toHaveLength(1);
    expect(JSON.stringify(window.updates.at(-1))).not.toContain('replicas');
    await eventually(() =>
      expect(Object.values(window.main.topics['orders']!.producers['0'] ?? {})).toMatchObject([
        { sequence: 4 },
      ]),
    );
    expect(window.errors).toEqual([]);
  });

  test('shows a group, who reads what, and how far; and its end', async () => {
    await using window = await watching();
    const consumer = new Consumer({
      bootstrap: cluster.bootstrap,
      clientId: 'shipping-1',
      groupId: 'shipping',
      offsetReset: 'earliest',
    });
    consumer.subscribe(['orders']);
    const reading = (async () => {
      while ((await consumer.poll(100)).length === 0);
    })();
    await eventually(() => {
      const members = Object.values(window.main.groups['shipping']?.members ?? {});
      expect(members).toMatchObject([{ clientId: 'shipping-1', partitions: { orders: [0, 1] } }]);
    });
    await reading;
    await consumer.commit();
    await eventually(() => expect(window.main.groups['shipping']!.committed['orders']!['0']).toBe(5));
    await consumer.close();
    await eventually(() =>
      expect(window.main.groups['shipping']).toMatchObject({ state: 'Empty', memberCount: 0 }),
    );
  });

  test('a reassignment is shown while it lasts', async () => {
    await using window = await watching();
    await admin.createTopics([{ name: 'moving', assignments: [[1, 2]] }]);
    await eventually(() =>
      expect(window.main.topics['moving']?.partitions['0']).toMatchObject({ leader: 1 }),
    );
    // A replica on a broker that is not there keeps the move under way.
    await cluster.stop(3);
    await admin.alterReassignments([{ topic: 'moving', partition: 0, replicas: [2, 3] }]);
    await eventually(() =>
      expect(window.main.topics['moving']!.partitions['0']).toMatchObject({ adding: [3], removing: [1] }),
    );
    await eventually(() => expect(window.main.brokers['3']!.seen).toBe('gone'));
    await cluster.start(3);
    await eventually(
      () => {
        expect(window.main.topics['moving']!.partitions['0']).toMatchObject({ replicas: [2, 3], leader: 2 });
        expect(window.main.topics['moving']!.partitions['0']).not.toHaveProperty('adding');
        expect(window.main.brokers['3']!.seen).toBe('up');
      },
      { timeoutMs: 20_000 },
    );
  });

  test('a paused broker is shown as silent, and the others’ news do not wait for it', async () => {
    await using window = await watching();
    const paused = [1, 2, 3].find((id) => id !== window.main.controller)!;
    await using others = connectCluster({
      bootstrap: cluster.bootstrap.split(',')[window.main.controller - 1]!,
    });
    await others.metadata();
    await cluster.pause(paused);
    try {
      await eventually(() => expect(window.main.brokers[paused]!.seen).toBe('silent'));
      const askedAt = performance.now();
      await await others.createTopics([{ name: 'meanwhile', assignments: [[window.main.controller]] }]);
      await eventually(() => expect(window.main.topics['meanwhile']).toBeDefined());
      expect(performance.now() - askedAt).toBeLessThan(1_000);
    } finally {
      await cluster.resume(paused);
    }
    await eventually(() => expect(window.main.brokers[paused]!.seen).toBe('up'), { timeoutMs: 20_000 });
  });

  test('a broker that is cut off is fenced, and its own old story is not believed', async () => {
    await using window = await watching();
    const cut = [1, 2, 3].find((id) => id !== window.main.controller)!;
    const others = [1, 2, 3].filter((id) => id !== cut);
    await admin.createTopics([{ name: 'led', assignments: [[cut, ...others]] }]);
    await eventually(() => expect(window.main.topics['led']?.partitions['0']?.leader).toBe(cut));
    await cluster.isolate(cut);
    try {
      await eventually(
        () => {
          expect(window.main.brokers[cut]!.seen).toBe('fenced');
          expect(others).toContain(window.main.topics['led']!.partitions['0']!.leader);
        },
        { timeoutMs: 20_000 },
      );
      expect(window.main.topics['led']!.partitions['0']!.isr).toEqual(others);
    } finally {
      await cluster.heal(cut);
    }
    await eventually(() => expect(window.main.brokers[cut]!.seen).toBe('up'), { timeoutMs: 20_000 });
  });

  test('polls a cluster that does not tell of changes', async () => {
    await using window = await watching({ ticks: false, pollMs: 100 });
    await admin.createTopics([{ name: 'polled', partitions: 1, replicationFactor: 1 }]);
    await eventually(() => expect(window.main.topics['polled']).toBeDefined());
  });

  test('looks at nothing while nobody watches; what changed meanwhile is kept as a gap', async () => {
    await using window = await watching();
    window.feed.watch(false);
    const before = window.updates.length;
    await admin.createTopics([{ name: 'unseen', partitions: 1, replicationFactor: 1 }]);
    await produce('unseen', 1);
    expect(window.updates).toHaveLength(before);
    expect(window.clients).toBe(1);
    window.feed.watch(true);
    await eventually(() => expect(window.main.topics['unseen']).toBeDefined());
    expect(window.updates.filter(({ kind }) => kind === 'whole')).toHaveLength(2);
    const { base, changes } = window.feed.history();
    const replayed = changes.reduce((state, { change }) => applyMapChange(state, change), base!.state);
    expect(replayed).toEqual(window.state);
  });
});
