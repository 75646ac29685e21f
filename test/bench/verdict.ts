import type { LabContent, ServerMessage } from '@brokerlab/server/contract';
import type { Page } from 'playwright-core';
import { contentOf, solutionOf, stepPassed } from '../e2e/room.ts';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { atMost, type Bench, percentile, type Result } from './measure.ts';

/** Between them they have checks of every kind. */
export const VERDICT_LABS: readonly string[] = [
  'first-topic',
  'produce-consume',
  'reassign-leaders',
  'kraft',
  'producer-app',
  'mm2-active-passive',
];
const ROUNDS = 2;
const COMMAND_MS_MAX = 120_000;
/** A command that runs on (a consumer, a MirrorMaker) may satisfy a check long before it ends: that is not measured. */
const RUNS_ON_MS = 4_000;

/** Runs in the page, as text, because the loader of this file marks functions in a way only it knows: notes when each check turns green. */
const WATCH_CHECKS = `
  window.brokerlabGreen = {};
  const look = () => {
    for (const check of document.querySelectorAll('[data-testid^="check-"][data-verdict="passed"]')) {
      const id = check.getAttribute('data-testid').slice(6);
      if (!(id in window.brokerlabGreen)) window.brokerlabGreen[id] = Date.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
`;

interface Span {
  readonly begun: number;
  readonly ended: number;
}

export const verdictBench: Bench = {
  name: 'verdict',
  what: 'end of the command that satisfies a check → green in the page, for each kind of check, p95',
  async run(report) {
    await using server = await startServer();
    await using browser = await openBrowser();
    const times = new Map<string, number[]>();
    for (const labId of VERDICT_LABS) {
      for (let round = 0; round < ROUNDS; round++) {
        const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        await page.addInitScript(WATCH_CHECKS);
        await page.goto(server.url);
        await page.getByTestId('try-here').click();
        await page.getByTestId(`lab-${labId}`).click();
        const cookies = await context.cookies();
        const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
        const trainee = Trainee.withCookie(server.url, cookie);
        await trainee.connect();
        await walk({ page, trainee, labId, times });
        await trainee.rest('DELETE', '/api/session');
        trainee.close();
        await context.close();
      }
      report(`${labId} walked ${ROUNDS} times`);
    }
    const results: Result[] = [...times]
      .sort()
      .flatMap(([kind, all]) => [
        atMost(`verdict-${kind}`, percentile(all, 95), { unit: `ms (p95 of ${all.length})`, target: 150 }),
      ]);
    const all = [...times.values()].flat();
    return [
      ...results,
      { name: 'verdict-median', value: percentile(all, 50), unit: 'ms' },
      atMost('verdict', percentile(all, 95), { unit: 'ms', target: 150 }),
    ];
  },
};

async function walk(of: {
  page: Page;
  trainee: Trainee;
  labId: string;
  times: Map<string, number[]>;
}): Promise<void> {
  const { page, trainee, labId, times } = of;
  const [first] = await trainee.openLab(labId);
  const terminal = await trainee.terminal(first);
  let printedAt = 0;
  trainee.onMessage((message: ServerMessage) => {
    if (message.type === 'terminal.output') printedAt = Date.now();
  });
  for (const step of (await contentOf(trainee, labId)).steps) {
    const { commands } = await solutionOf(trainee, labId, step.id);
    const spans: Span[] = [];
    await isPrepared(trainee, { labId, stepId: step.id });
    for (const { command } of commands) {
      const begun = Date.now();
      await terminal.run(command, { timeoutMs: COMMAND_MS_MAX });
      spans.push({ begun, ended: printedAt });
    }
    await stepPassed(page, step.id, COMMAND_MS_MAX);
    const green = (await page.evaluate('window.brokerlabGreen')) as Record<string, number>;
    note(step.checks, { green, spans, times });
    const next = page.getByTestId('next');
    if (await next.isEnabled().catch(() => false)) await next.click();
  }
}

/** Its files and topics are there; a person reads the step meanwhile. */
function isPrepared(trainee: Trainee, { labId, stepId }: { labId: string; stepId: string }): Promise<void> {
  return eventually(
    async () => {
      const state = (await trainee.labState(labId)).steps.find(({ id }) => id === stepId);
      if (state?.state === 'locked' || state?.preparing)
        throw new Error(`${labId}/${stepId} is not prepared`);
    },
    { timeoutMs: COMMAND_MS_MAX, everyMs: 50 },
  );
}

function note(
  checks: LabContent['steps'][number]['checks'],
  { green, spans, times }: { green: Record<string, number>; spans: Span[]; times: Map<string, number[]> },
): void {
  for (const { id, kind } of checks) {
    const at = green[id];
    const during = at === undefined ? undefined : spans.findLast(({ begun }) => begun <= at);
    if (at === undefined || during === undefined) continue;
    if (at < during.ended && during.ended - during.begun > RUNS_ON_MS) continue;
    times.set(kind, [...(times.get(kind) ?? []), Math.max(0, at - during.ended)]);
  }
}
