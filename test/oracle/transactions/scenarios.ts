/** What befalls a transactional producer; `probe.version` decides which requests it sends. */
import { nobody, type TransactionProbe } from './probe.ts';

export type Scenario = (probe: TransactionProbe) => Promise<void>;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'commits and aborts': async (probe) => {
    let who = await probe.init();
    await probe.describe();
    for (const committed of [true, false, true]) {
      await probe.write(who);
      await probe.describe();
      who = await probe.end(who, committed);
      await probe.until('Complete');
      who = await probe.init(who);
    }
  },
  'is aborted and fenced when its time is over': async (probe) => {
    const who = await probe.init(nobody, { timeoutMs: 700 });
    await probe.write(who);
    await probe.describe();
    await probe.until('CompleteAbort');
    await probe.produce(who, 1);
    await probe.add(who);
    await probe.offsets(who);
    await probe.end(who, true);
    await probe.end(who, false);
    await probe.describe();
    await probe.init(who, { timeoutMs: 700 });
    const next = await probe.init(nobody, { timeoutMs: 700 });
    await probe.write(next);
    await probe.end(next, true);
    await probe.until('CompleteCommit');
  },
  'goes on with the epoch that its time-out left': async (probe) => {
    const who = await probe.init(nobody, { timeoutMs: 700 });
    await probe.write(who);
    await probe.until('CompleteAbort');
    for (const producerEpoch of [1, 2, 3]) await probe.end({ ...who, producerEpoch }, false);
    await probe.init({ ...who, producerEpoch: 1 });
    await probe.init({ ...who, producerEpoch: 2 });
    await probe.describe();
  },
  'is fenced by the next of its id, with a transaction open': async (probe) => {
    const first = await probe.init();
    await probe.write(first);
    const second = await probe.init();
    await probe.describe();
    await probe.produce(first, 1);
    await probe.add(first);
    await probe.offsets(first);
    await probe.end(first, true);
    await probe.init(first);
    await probe.write(second);
    await probe.end(second, true);
    await probe.until('CompleteCommit');
  },
  'is fenced by the next of its id, with nothing open': async (probe) => {
    const first = await probe.init();
    const second = await probe.init();
    await probe.produce(first);
    await probe.add(first);
    await probe.end(first, false);
    await probe.end(second, false);
    await probe.end(second, true);
    await probe.describe();
  },
  'begins anew with what it had': async (probe) => {
    const first = await probe.init();
    await probe.write(first);
    const again = await probe.init(first);
    await probe.describe();
    const twice = await probe.init(first);
    await probe.init(again);
    await probe.init(twice);
    await probe.init({ ...again, producerEpoch: again.producerEpoch + 5 });
    await probe.init({ ...again, producerId: again.producerId + 77n });
    await probe.describe();
  },
  'says an end again, and another one': async (probe) => {
    const who = await probe.init();
    await probe.write(who);
    const next = await probe.end(who, true);
    await probe.until('CompleteCommit');
    await probe.end(who, true);
    await probe.end(who, false);
    await probe.end(next, true);
    await probe.end(next, false);
    await probe.end({ ...who, producerId: who.producerId + 99n }, true);
    await probe.end({ ...who, producerEpoch: 50 }, true);
    await probe.describe();
  },
  'writes offsets': async (probe) => {
    const who = await probe.init();
    await probe.offsets(who);
    await probe.describe();
    const next = await probe.end(who, true);
    await probe.until('CompleteCommit');
    await probe.offsets({ ...next, producerEpoch: next.producerEpoch + 1 });
    await probe.offsets(next);
    await probe.end(next, false);
    await probe.until('CompleteAbort');
  },
  'writes offsets of a group that was not added': async (probe) => {
    const who = await probe.init();
    await probe.offsets(who, { added: false });
    await probe.write(who);
    await probe.offsets(who, { added: false });
    await probe.end(who, false);
    await probe.until('CompleteAbort');
    await probe.offsets({ producerId: who.producerId + 99n, producerEpoch: 0 }, { added: false });
  },
  'asks for what cannot be': async (probe) => {
    await probe.end({ producerId: 5n, producerEpoch: 0 }, true);
    await probe.add({ producerId: 5n, producerEpoch: 0 });
    await probe.init(nobody, { timeoutMs: 0 });
    await probe.init(nobody, { timeoutMs: 900_001 });
    await probe.init(nobody, { id: '' });
    await probe.init({ producerId: 5n, producerEpoch: -1 });
    await probe.init({ producerId: 5n, producerEpoch: 3 });
    const who = await probe.init();
    await probe.add(who, 'unknown');
    await probe.add({ ...who, producerEpoch: 9 });
    await probe.add({ ...who, producerId: who.producerId + 99n });
    await probe.produce({ ...who, producerEpoch: 9 });
    await probe.describe();
  },
  'writes without a partition added': async (probe) => {
    const who = await probe.init();
    await probe.produce(who);
    await probe.end(who, true);
    await probe.until(probe.version === 1 ? 'Empty' : 'CompleteCommit');
  },
  'mixes the versions of its ends': async (probe) => {
    const who = await probe.init();
    await probe.write(who);
    const next = await probe.end(who, true, probe.version === 1 ? 2 : 1);
    await probe.until('CompleteCommit');
    await probe.write(next, 1);
    await probe.end(next, false);
    await probe.until('Complete');
  },
  'is forgotten when nobody used it for long': async (probe) => {
    const who = await probe.init();
    await probe.write(who);
    const next = await probe.end(who, true);
    await probe.until('CompleteCommit');
    await probe.until('TRANSACTIONAL_ID_NOT_FOUND');
    await probe.add(next);
    await probe.end(next, true);
    await probe.produce(next, 1);
    await probe.init(next);
    await probe.describe();
  },
};
