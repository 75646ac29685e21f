/** What the MirrorMakers that run in the trainee's box say of themselves. It comes out of the box: it may be anything. */
import { z } from 'zod';
import { ToldFlow } from '../../contract/main.ts';
import type { Execute } from '../expression.ts';

const MAKERS_MAX = 8;
const TIMEOUT_MS = 2_000;
const OUTPUT_BYTES_MAX = 512 * 1024;
/** Each announces its port in a file; a line of JSON comes of each that answers. Plain bash: it starts in a moment. */
const ASK = `
shopt -s nullglob
files=("$BROKERLAB_MIRRORS"/*)
for file in "\${files[@]:0:${MAKERS_MAX}}"; do
  read -r port < "$file" && [[ $port =~ ^[0-9]{1,5}$ ]] || continue
  (
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit
    printf 'GET /flows HTTP/1.0\\r\\nConnection: close\\r\\n\\r\\n' >&3
    while read -r line && [ "$line" != $'\\r' ] && [ -n "$line" ]; do :; done <&3
    timeout 1 cat <&3
    echo
  ) 2>/dev/null
done`;

const Told = z.array(ToldFlow).max(50);

export async function askMakers(execute: Execute): Promise<ToldFlow[]> {
  const options = { command: ASK, timeoutMs: TIMEOUT_MS, outputBytesMax: OUTPUT_BYTES_MAX };
  const answer = await execute(options).catch(() => null);
  return readTold(answer?.stdout ?? '');
}

/** A line that is not what a MirrorMaker says is passed over. */
export function readTold(text: string): ToldFlow[] {
  return text
    .split('\n')
    .slice(0, MAKERS_MAX * 2)
    .flatMap((line) => {
      if (line.trim() === '') return [];
      const told = Told.safeParse(parsed(line));
      return told.success ? told.data : [];
    });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
