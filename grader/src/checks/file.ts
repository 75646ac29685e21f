/** The kind `file`: a file in the trainee's home. It can be forged, so it earns no points by itself. */
import { withParticle } from '../lab/josa.ts';
import type { FileCheck } from '../lab/schema.ts';
import type { Condition, Judgement, Scene } from './judgement.ts';
import { allOf, notThere } from './judgement.ts';
import { code, codeCut, join, say } from './wording.ts';

export function judgeFile(check: FileCheck, { evidence }: Scene): Judgement {
  const file = evidence.files?.[check.path] ?? null;
  const subject = say(code(check.path), code(check.path));
  if (check.absent) {
    return {
      holds: file === null,
      message:
        file === null
          ? say(`${code(check.path, '이')} 없어요.`, `${code(check.path)} is not there.`)
          : say(
              `파일 ${code(check.path, '이')} 아직 있어요.`,
              `The file ${code(check.path)} is still there.`,
            ),
      expected: say('파일 없음', 'no file'),
      seen: file === null ? say('없음', 'none') : say('있음', 'there'),
    };
  }
  if (file === null) {
    return notThere(
      say(
        `파일 ${code(check.path, '이')} 아직 없어요. 홈 폴더를 기준으로 한 경로를 보세요.`,
        `There is no file ${code(check.path)} yet. The path starts at your home folder.`,
      ),
      say(`파일 ${code(check.path)}`, `file ${code(check.path)}`),
    );
  }
  const conditions = conditionsOf(check, file);
  if (conditions.length > 0) return allOf(conditions, subject);
  const there = say(`파일 ${code(check.path, '이')} 있어요.`, `The file ${code(check.path)} is there.`);
  return { holds: true, message: there, expected: subject, seen: say('있음', 'there') };
}

function conditionsOf(check: FileCheck, file: string): Condition[] {
  const conditions = [
    ...check.contains.map((text) => contains(check.path, text, file)),
    ...check.lacks.map((text) => lacks(check.path, text, file)),
  ];
  if (check.matches !== undefined) conditions.push(matches(check.path, check.matches, file));
  for (const [path, value] of Object.entries(check.json ?? {}))
    conditions.push(jsonIs(check.path, { path, value }, file));
  const properties = check.properties === undefined ? {} : readProperties(file);
  for (const [key, value] of Object.entries(check.properties ?? {}))
    conditions.push(propertyIs(check.path, { key, value: String(value) }, properties));
  return conditions;
}

function contains(path: string, text: string, file: string): Condition {
  return {
    holds: file.includes(text),
    message: say(
      `${code(path)}에 ${codeCut(text)} 부분이 없어요.`,
      `${code(path)} does not contain ${codeCut(text)}.`,
    ),
    expected: say(codeCut(text), codeCut(text)),
    seen: file.includes(text)
      ? say(`${codeCut(text)} 있음`, `${codeCut(text)} is there`)
      : say('없음', 'not there'),
  };
}

function lacks(path: string, text: string, file: string): Condition {
  return {
    holds: !file.includes(text),
    message: say(
      `${code(path)}에 ${codeCut(text)} 부분이 아직 있어요.`,
      `${code(path)} still contains ${codeCut(text)}.`,
    ),
    expected: say(`${codeCut(text)} 없음`, `no ${codeCut(text)}`),
    seen: file.includes(text)
      ? say('아직 있음', 'still there')
      : say(`${codeCut(text)} 없음`, `no ${codeCut(text)}`),
  };
}

function matches(path: string, pattern: string, file: string): Condition {
  const holds = new RegExp(pattern, 'mu').test(file);
  return {
    holds,
    message: say(
      `${code(path)}의 내용이 아직 찾는 모양이 아니에요: ${codeCut(pattern)}.`,
      `${code(path)} does not hold what is looked for: ${codeCut(pattern)}.`,
    ),
    expected: say(codeCut(pattern), codeCut(pattern)),
    seen: holds ? say('찾는 내용 있음', 'it matches') : say('없음', 'no match'),
  };
}

function jsonIs(file: string, { path, value }: { path: string; value: unknown }, content: string): Condition {
  const read = readJson(content, path);
  const actual = read === undefined ? null : JSON.stringify(read);
  const wanted = JSON.stringify(value);
  return {
    holds: actual === wanted,
    message:
      read === undefined
        ? say(
            `${code(file)}에 ${code(path, '이')} 없거나, JSON이 아니에요.`,
            `${code(file)} has no ${code(path)}, or is not JSON.`,
          )
        : say(
            `${code(file)}의 ${code(path, '이')} ${codeCut(actual ?? '', '이에요')}. ${codeCut(wanted, '이')} 필요해요.`,
            `${code(path)} in ${code(file)} is ${codeCut(actual ?? '')}, but must be ${codeCut(wanted)}.`,
          ),
    expected: say(code(`${path}: ${wanted}`), code(`${path}: ${wanted}`)),
    seen: actual === null ? say('없음', 'none') : say(code(`${path}: ${actual}`), code(`${path}: ${actual}`)),
  };
}

function readJson(content: string, path: string): unknown {
  try {
    return path
      .split('.')
      .reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        JSON.parse(content),
      );
  } catch {
    return undefined;
  }
}

function propertyIs(
  file: string,
  { key, value }: { key: string; value: string },
  properties: Readonly<Record<string, string>>,
): Condition {
  const actual = properties[key];
  return {
    holds: actual === value,
    message: join(
      actual === undefined
        ? say(`${code(file)}에 ${code(key, '이')} 없어요.`, `${code(file)} does not set ${code(key)}.`)
        : say(
            `${code(file)}의 ${code(key, '이')} ${codeCut(actual, '이에요')}.`,
            `${code(key)} in ${code(file)} is ${codeCut(actual)}.`,
          ),
      say(`${withParticle(codeCut(value), '이')} 필요해요.`, `It needs ${codeCut(value)}.`),
    ),
    expected: say(code(`${key}=${value}`), code(`${key}=${value}`)),
    seen:
      actual === undefined ? say('없음', 'none') : say(code(`${key}=${actual}`), code(`${key}=${actual}`)),
  };
}

/** As far as a lab's files go: `key = value` or `key: value`, comments with # and !. */
function readProperties(content: string): Record<string, string> {
  const entries = content.split(/\r?\n/).flatMap((line) => {
    const [, key, value] = /^\s*([^#!\s=:][^\s=:]*)\s*[=:\s]\s*(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}
