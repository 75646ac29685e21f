/** Search over the trainee's files, by `grep` inside their box: it sees what they may see, and is bounded as their programs are. */
import type { FileHits } from '../contract/main.ts';
import type { Cell } from '../sandbox/main.ts';

const SEARCH_MS_MAX = 5_000;
const OUTPUT_BYTES_MAX = 128 * 1024;
const HITS_MAX = 200;
const TEXT_CHARACTERS_MAX = 240;
/** The text comes by the environment: no shell reads it. A name ends in a zero byte, so that colons in it confuse nobody. */
const COMMAND = `cd && grep -rnIiFZ -m 50 --exclude-dir='.?*' --exclude-dir=node_modules --exclude='.*' -- "$WANTED" .`;

export async function searchFiles(cell: Pick<Cell, 'exec'>, text: string): Promise<FileHits> {
  const found = await cell.exec({
    command: COMMAND,
    environment: { WANTED: text },
    timeoutMs: SEARCH_MS_MAX,
    outputBytesMax: OUTPUT_BYTES_MAX,
  });
  const hits = found.stdout.split('\n').flatMap(hitOf);
  return {
    hits: hits.slice(0, HITS_MAX),
    truncated: found.truncated || found.timedOut || hits.length > HITS_MAX,
  };
}

function hitOf(line: string): FileHits['hits'] {
  const match = /^\.\/([^\0]+)\0(\d+):(.*)$/.exec(line);
  if (!match) return [];
  const [, path = '', number = '', text = ''] = match;
  return [{ path, line: Number(number), text: text.trim().slice(0, TEXT_CHARACTERS_MAX) }];
}
