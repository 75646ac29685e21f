/** Assets of a scenario → files that the lab gives when it is opened. */
import type { Scenario, ScenarioAsset } from './scenario.ts';

const FILES_MAX = 40;

export interface GivenFiles {
  /** Path below the lab's files/ → content. */
  readonly files: ReadonlyMap<string, string>;
  readonly acts: readonly { readonly file: Record<string, unknown> }[];
}

export function convertAssets(scenario: Scenario): GivenFiles {
  const there = scenario.assets();
  const files = new Map<string, string>();
  const acts: { file: Record<string, unknown> }[] = [];
  for (const [host, list] of Object.entries(scenario.data.details.assets)) {
    for (const [index, asset] of list.entries()) {
      const path = ['details', 'assets', host, index];
      if (host !== 'host01') {
        scenario.tell(path, `${host} is a second machine, and there is only one. Give the file to host01.`);
        continue;
      }
      const found = [...there.keys()].filter((name) => matches(asset.file, name)).sort();
      if (found.length === 0)
        scenario.tell(
          path,
          `No file in assets/ is called ${asset.file}. Put it there, or take the line out.`,
        );
      const folder = folderOf(asset, (message) => scenario.tell(path, message));
      for (const name of found) {
        const bytes = there.get(name) ?? Buffer.alloc(0);
        if (!isText(bytes)) {
          scenario.tell(
            path,
            `assets/${name} is no text, and labs give only texts. Make it in a script instead.`,
          );
          continue;
        }
        files.set(`assets/${name}`, bytes.toString('utf8'));
        const executable = /\+.*x|[1357]/.test(asset.chmod ?? '') ? { executable: true } : {};
        const target = `${folder}${keepsFolders(asset.file) ? name : (name.split('/').at(-1) ?? name)}`;
        acts.push({ file: { path: target, from: `assets/${name}`, raw: true, ...executable } });
      }
    }
  }
  if (acts.length > FILES_MAX) {
    const message = `Assets are ${acts.length} files, and a lab gives at most ${FILES_MAX} when it is opened. Put the others into a step's setup.`;
    scenario.tell(['details', 'assets'], message);
  }
  return { files, acts: acts.slice(0, FILES_MAX) };
}

/** Below the home; '' or ending in a slash. */
function folderOf({ target }: ScenarioAsset, tell: (message: string) => void): string {
  const below = /^(?:~|\/root)\/?(.*)$/.exec(target)?.[1];
  if (below === undefined) {
    tell(
      `${target} lies outside the home, where nothing can be put. It goes to ~/${clean(target)}; say so in the texts and scripts.`,
    );
  }
  const folder = clean(below ?? target);
  return folder === '' ? '' : `${folder}/`;
}

function clean(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}

function keepsFolders(pattern: string): boolean {
  return pattern.includes('**');
}

/** `*` within a folder, `**` over folders. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\*\*\/?|\*)/)
    .map((part) => {
      if (part === '**' || part === '**/') return '(?:.*)';
      return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`).test(name);
}

function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}
