/** Links lead to what there is in the course, and nowhere else. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ParsedText } from './markdown.ts';
import type { Problem } from './problem.ts';

const LINK = /(!?)\[[^\]]*\]\(([^)\s]*)[^)]*\)/g;

/** `dir` is any folder beside the labs. */
export function lintLinks(
  dir: string,
  { file, lines }: Pick<ParsedText, 'file' | 'lines'>,
  raw: readonly string[],
): Problem[] {
  let fenced = false;
  return raw.flatMap((text, index) => {
    if (text.startsWith('```')) fenced = !fenced;
    if (fenced) return [];
    return [...text.replaceAll(/`[^`]*`/g, '``').matchAll(LINK)].flatMap(([, image, target = '']) => {
      const message = image === '' ? deadLink(dir, target, lines) : deadImage(target);
      return message === null ? [] : [{ file, line: index + 1, message }];
    });
  });
}

function deadImage(target: string): string {
  return `The picture ${target} cannot be shown: labs have no bitmaps. Draw it from the cluster with :::figure, or say it.`;
}

function deadLink(dir: string, target: string, lines: Readonly<Record<string, number>>): string | null {
  const [, place, id = ''] = /^\/(labs|concepts)\/([a-z][a-z0-9-]*)$/.exec(target) ?? [];
  if (place === 'labs')
    return isLab(dir, id)
      ? null
      : `The link leads to the lab ${id}, which there is not. Link to a lab of the course.`;
  if (place === 'concepts') {
    return isConcept(dir, id)
      ? null
      : `The link leads to the concept ${id}, which there is not. Write labs/concepts/${id}, or link to another.`;
  }
  if (target.startsWith('#')) {
    return lines[target.slice(1)] !== undefined
      ? null
      : `The link leads to the step ${target.slice(1)}, which there is not. Name a step of this lab.`;
  }
  return `The link to ${target || 'nothing'} leads out of the course, where many classes have no way to go. Link to /concepts/ID, /labs/ID or #step-id, or say it here.`;
}

export function isLab(dir: string, id: string): boolean {
  return existsSync(join(dir, '..', id, 'lab.yaml'));
}

export function isConcept(dir: string, id: string): boolean {
  return existsSync(join(dir, '..', 'concepts', id, 'ko.md'));
}
