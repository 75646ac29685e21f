/** What a scenario's shell lines take for granted, and a trainee's box has not: root, a home in /root, other machines. */
import type { Scenario } from './scenario.ts';

/** Killercoda's home is root's; here everybody has one of their own. */
export function atHome(script: string): string {
  return script.replace(/(?<![\w/$}])\/root(?=\/|\b)(?![\w-])/g, '$HOME');
}

interface Foreign {
  readonly pattern: RegExp;
  readonly why: (found: string) => string;
}

const FOREIGN: readonly Foreign[] = [
  {
    pattern: /(?:^|[\s;&|(])(docker|podman|kubectl|helm|kind|minikube|crictl|k3s)(?=\s)/m,
    why: (found) => `${found} is not there in a trainee's box. Do it another way, or leave the step out.`,
  },
  {
    pattern: /(?:^|[\s;&|(])(sudo|apt|apt-get|yum|dnf|apk|snap|systemctl|service|mount|useradd)(?=\s)/m,
    why: (found) =>
      `${found} needs root, and a trainee is none here. Leave it out: what the box has is there already.`,
  },
  {
    pattern: /(?:^|[\s;&|(])(ssh|scp)\s/m,
    why: (found) => `${found} leads to another machine, and there is only one. Do it in this one.`,
  },
  {
    pattern: /(?<![\w~$}.])(\/(?:etc|var|opt|usr\/local|srv|mnt|my)\/[\w./-]+)/m,
    why: (found) => `${found} cannot be written to here, only ~ and /tmp can. Choose a place there.`,
  },
  {
    pattern: /('[^'\n]*\/root[^'\n]*')/m,
    why: (found) =>
      `In ${found} the home is written in single quotes and stays as it is. Write it as "$HOME/…".`,
  },
];

export function tellForeign(
  scenario: Scenario,
  { file, line, script }: { file: string; line: number; script: string },
): void {
  const lines = script.split('\n').map((text) => text.replace(/(^|\s)#.*$/, ''));
  for (const { pattern, why } of FOREIGN) {
    const index = lines.findIndex((text) => pattern.test(text));
    if (index < 0) continue;
    scenario.tellOf(file, line + index, why(pattern.exec(lines[index] ?? '')?.[1] ?? ''));
  }
}

/** A block that is typed as it is: what spans lines stays together, the rest is one command a line. */
export function commandsOf(block: string): string[] {
  const isWhole =
    /<<|\\\n|^\s+\S/m.test(block) || /^(?:for|while|if|case|function|until)\b|\{\s*$/m.test(block);
  if (isWhole) return [block.trim()];
  return block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
