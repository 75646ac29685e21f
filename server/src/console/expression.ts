/**
 * Messages filtered by a JavaScript expression. It runs in the trainee's own box, where anything of theirs may run: never in
 * the server. What it says is only ever used to show fewer messages.
 */
import type { FetchedRecord } from '@brokerlab/broker/client';
import type { ExecOptions, ExecResult } from '../sandbox/main.ts';
import { ConsoleError } from './console-error.ts';

export type Execute = (options: ExecOptions) => Promise<ExecResult>;

const TIMEOUT_MS = 4_000;
const TEXT_MAX = 16 * 1024;
const INPUT_MAX = 4 * 1024 * 1024;

/** The expression sees key, value, headers, json (value parsed, else undefined), partition, offset, timestamp. */
const PROGRAM = `
const { expression, messages } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const names = ['key', 'value', 'headers', 'json', 'partition', 'offset', 'timestamp'];
let holds;
try { holds = new Function(...names, 'return (' + expression + '\\n)'); }
catch (error) { console.log(JSON.stringify({ error: String(error) })); process.exit(0); }
const kept = [];
let failed = null;
messages.forEach((m, index) => {
  let json;
  try { json = JSON.parse(m.value); } catch {}
  try { if (holds(m.key, m.value, m.headers, json, m.partition, m.offset, m.timestamp)) kept.push(index); }
  catch (error) { failed = failed || String(error); }
});
console.log(JSON.stringify({ kept, failed: kept.length === 0 ? failed : null }));
`;

/** Those for which it is true. Rejects, in words, for an expression that can't be run, or is true of none and fails. */
export async function filterByExpression(
  records: readonly FetchedRecord[],
  { expression, execute }: { expression: string; execute: Execute },
): Promise<FetchedRecord[]> {
  const messages = records.map((record) => ({
    key: text(record.key),
    value: text(record.value),
    headers: Object.fromEntries(record.headers.map(({ key, value }) => [key, text(value)])),
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
  }));
  const input = JSON.stringify({ expression, messages });
  if (input.length > INPUT_MAX)
    throw refused('메시지가 너무 커요. 개수를 줄여 주세요.', 'The messages are too large; ask for fewer.');
  const quoted = PROGRAM.replaceAll("'", `'\\''`);
  const result = await execute({
    command: `exec node -e '${quoted}'`,
    input,
    timeoutMs: TIMEOUT_MS,
    outputBytesMax: 64 * 1024,
  });
  if (result.timedOut)
    throw refused('식이 4초 안에 끝나지 않았어요.', 'The expression did not end within 4 seconds.');
  const answer = readAnswer(result.stdout);
  if (answer.error)
    throw refused(
      `식을 실행하지 못했어요: ${answer.error}`,
      `The expression could not be run: ${answer.error}`,
    );
  return records.filter((_, index) => answer.kept.has(index));
}

function text(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.subarray(0, TEXT_MAX).toString('utf8');
}

/** From the box, so it may be anything. */
function readAnswer(output: string): { kept: ReadonlySet<unknown>; error: string | null } {
  try {
    const answer = JSON.parse(output) as { kept?: unknown; error?: unknown; failed?: unknown };
    const error = answer.error ?? answer.failed ?? null;
    return {
      kept: new Set(Array.isArray(answer.kept) ? answer.kept : []),
      error: typeof error === 'string' ? error.slice(0, 300) : null,
    };
  } catch {
    return { kept: new Set(), error: 'no answer' };
  }
}

function refused(ko: string, en: string): ConsoleError {
  return new ConsoleError({ ko, en });
}
