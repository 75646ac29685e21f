import { describe, expect, it } from 'vitest';
import { chaos, chaosLacks } from './chaos.ts';

const reason = chaosLacks();
if (reason !== undefined) console.log(`skipped: faults in real processes, ${reason}`);

describe.skipIf(reason !== undefined)('while brokers are killed, stopped and paused', () => {
  it('nothing acknowledged is lost or doubled, order is kept, transactions are whole, groups end with lag 0', async () => {
    const seed = Number(process.env.SEED ?? 8);
    const lines = [`seed ${seed}`];
    const report = await chaos({ seed, durationMs: 40_000, say: (line) => lines.push(line) });
    expect(report.broken, lines.join('\n')).toEqual([]);
    for (const [writer, count] of Object.entries(report.acknowledged)) {
      expect(count, `${writer} was acknowledged nothing\n${lines.join('\n')}`).toBeGreaterThan(0);
    }
  }, 400_000);
});
