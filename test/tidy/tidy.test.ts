/** The house style that a machine can hold. */
import { describe, expect, it } from 'vitest';
import { importsOf, sources } from './sources.ts';

const all = sources();
const written = all.filter(({ path }) => !path.startsWith('web/dist'));

/** Tables: data by nature, however long. */
const TABLES = [
  /^broker\/src\/messages\//,
  /config-definitions\.ts$/,
  /broker\/src\/tools\/.*(help|options-table|texts).*\.ts$/,
  /^web\/.*(locales?|texts?|messages)\/.*\.ts$/,
  /\.table\.ts$/,
];

function offenders(test: (source: (typeof all)[number]) => string | undefined | false): string[] {
  return written.flatMap((source) => {
    const reason = test(source);
    return reason ? [`${source.path}: ${reason}`] : [];
  });
}

describe('files', () => {
  it('have at most 500 lines, tables excepted', () => {
    expect(
      offenders(({ path, lines }) => {
        if (TABLES.some((table) => table.test(path))) return false;
        return lines.length > 501 && `${lines.length} lines`;
      }),
    ).toEqual([]);
  });

  it('are named in kebab-case and say what they hold', () => {
    expect(
      offenders(({ path }) => {
        const file = path.split('/').at(-1)!;
        const stem = file.replace(/\.(test|config|table|d)?\.?(ts|tsx|mjs)$/, '');
        if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) return 'not kebab-case';
        return /^(utils?|helpers?|common|manager|misc)$/.test(stem) && 'a name that says nothing';
      }),
    ).toEqual([]);
  });

  it('of one API carry its key', () => {
    expect(
      offenders(({ path }) => {
        if (!/^broker\/src\/handlers\/[^/]+\.ts$/.test(path)) return false;
        return (
          !/\/\d\d-[a-z-]+\.ts$/.test(path) && /^\d/.test(path.split('/').at(-1)!) && 'key of two digits'
        );
      }),
    ).toEqual([]);
  });

  it('import relative files by their whole name', () => {
    expect(
      offenders((source) => {
        if (!source.path.endsWith('.ts') && !source.path.endsWith('.tsx')) return false;
        const wrong = importsOf(source).find(
          (specifier) =>
            specifier.startsWith('.') && !/\.(ts|tsx|css|json|mjs|md|yaml|svg)(\?\w+)?$/.test(specifier),
        );
        return wrong && `"${wrong}"`;
      }),
    ).toEqual([]);
  });
});

describe('code', () => {
  it('reads the environment only in a main.ts', () => {
    expect(
      offenders(({ path, text }) => {
        if (!/^(broker|grader|server)\/src\//.test(path) || path.endsWith('main.ts')) return false;
        return /\bprocess\.env\b/.test(text) && 'process.env';
      }),
    ).toEqual([]);
  });

  it('promises nothing: no marks of unfinished work, no narrowed tests', () => {
    expect(
      offenders(({ path, text }) => {
        if (path.startsWith('test/tidy/')) return false;
        return /\b(TODO|FIXME|XXX|HACK)\b|\b(it|test|describe)\.(only|todo)\b/.exec(text)?.[0];
      }),
    ).toEqual([]);
  });

  it('names no other workplace', () => {
    expect(
      offenders(
        ({ path, text }) => !path.startsWith('test/tidy/') && /\/work\/(wt|shared|main)/.exec(text)?.[0],
      ),
    ).toEqual([]);
  });
});
