/**
 * The Markdown of labs as HTML, for paper: paragraphs, headings, lists, tables, quotes, code, and within a line code,
 * strong, emphasis and links. Raw HTML is shown as the text it is.
 */

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Within a line. Code comes first: nothing in it is anything else. */
export function inlineHtml(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      /^`[^`]+`$/.test(part) ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : spanHtml(escapeHtml(part)),
    )
    .join('');
}

function spanHtml(escaped: string): string {
  return escaped
    .replaceAll(/\*\*(\S(?:.*?\S)?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(?<![\w*])\*(\S(?:.*?\S)?)\*(?![\w*])/g, '<em>$1</em>')
    .replaceAll(/\[([^\]]+)\]\((\S+?)\)/g, (_whole, words: string, target: string) =>
      linkHtml(words, target),
    );
}

/** Within the handout; what lies outside of it stays words. */
function linkHtml(words: string, target: string): string {
  const [, place, id] = /^\/(concept|lab)s\/([a-z0-9-]+)$/.exec(target) ?? [];
  return place === undefined ? words : `<a href="#${place}-${id}">${words}</a>`;
}

export function markdownHtml(markdown: string): string {
  const lines = markdown.split('\n');
  const html: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const { text, next } = blockAt(lines, at);
    if (text !== '') html.push(text);
    at = next;
  }
  return html.join('\n');
}

interface Read {
  readonly text: string;
  readonly next: number;
}

function blockAt(lines: readonly string[], at: number): Read {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { text: '', next: at + 1 };
  if (line.startsWith('```')) return fenceAt(lines, at);
  const [, marks, heading] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
  if (marks !== undefined) {
    // Below the headings of labs and steps.
    const level = Math.min(6, marks.length + 2);
    return { text: `<h${level}>${inlineHtml(heading ?? '')}</h${level}>`, next: at + 1 };
  }
  if (/^\s*\|.*\|\s*$/.test(line) && /^\s*\|[\s|:-]+\|\s*$/.test(lines[at + 1] ?? ''))
    return tableAt(lines, at);
  if (ITEM.test(line)) return listAt(lines, at);
  if (line.startsWith('>')) {
    const { taken, next } = takeWhile(lines, at, (other) => other.startsWith('>'));
    const inner = taken.map((other) => other.replace(/^>\s?/, '')).join('\n');
    return { text: `<blockquote>${markdownHtml(inner)}</blockquote>`, next };
  }
  const { taken, next } = takeWhile(
    lines,
    at,
    (other) => other.trim() !== '' && !/^(?:```|#{1,6}\s|>|\s*\|.*\|\s*$)/.test(other) && !ITEM.test(other),
  );
  if (taken.length === 0) return { text: `<p>${inlineHtml(line)}</p>`, next: at + 1 };
  return { text: `<p>${inlineHtml(taken.join(' '))}</p>`, next };
}

const ITEM = /^(\s*)(?:[-*]|(\d+)[.)])\s+(.*)$/;

function fenceAt(lines: readonly string[], at: number): Read {
  const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
  const stop = end < 0 ? lines.length : end;
  const code = lines.slice(at + 1, stop).join('\n');
  return { text: `<pre><code>${escapeHtml(code)}</code></pre>`, next: stop + 1 };
}

function listAt(lines: readonly string[], at: number): Read {
  const ordered = ITEM.exec(lines[at] ?? '')?.[2] !== undefined;
  const items: string[] = [];
  let next = at;
  while (next < lines.length) {
    const line = lines[next] ?? '';
    const [, , number, text] = ITEM.exec(line) ?? [];
    if (text !== undefined && (number !== undefined) === ordered) items.push(text);
    else if (/^\s+\S/.test(line) && items.length > 0) items.push(`${items.pop()} ${line.trim()}`);
    else break;
    next++;
  }
  const tag = ordered ? 'ol' : 'ul';
  return { text: `<${tag}>${items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')}</${tag}>`, next };
}

function tableAt(lines: readonly string[], at: number): Read {
  const { taken, next } = takeWhile(lines, at, (line) => /^\s*\|.*\|\s*$/.test(line));
  const cells = (line: string) =>
    line
      .trim()
      .slice(1, -1)
      .split('|')
      .map((cell) => inlineHtml(cell.trim()));
  const row = (line: string, tag: string) =>
    `<tr>${cells(line)
      .map((cell) => `<${tag}>${cell}</${tag}>`)
      .join('')}</tr>`;
  const [head = '', , ...body] = taken;
  const rows = body.map((line) => row(line, 'td')).join('');
  return { text: `<table><thead>${row(head, 'th')}</thead><tbody>${rows}</tbody></table>`, next };
}

function takeWhile(
  lines: readonly string[],
  at: number,
  test: (line: string) => boolean,
): { taken: string[]; next: number } {
  let next = at;
  while (next < lines.length && test(lines[next] ?? '')) next++;
  return { taken: lines.slice(at, next), next };
}
