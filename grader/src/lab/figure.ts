/** `:::figure topic=orders`, then a caption: a picture that the page draws from the live cluster. */
import type { FigureBlock } from './schema.ts';
import { FIGURES } from './schema.ts';

/** A text: what is wrong with it. */
export function readFigure(opening: string, caption: string): FigureBlock | string {
  const [, kind = '', name] = /^:::\s*figure\s+([a-z]+)(?:=(\S+))?\s*$/.exec(opening) ?? [];
  const figure = FIGURES.find((known) => known === kind);
  if (figure === undefined) {
    return `${opening.trim()} is not known. Write :::figure with ${FIGURES.join(', ')}, and a name behind = where one is meant.`;
  }
  if (caption === '') return 'This figure has no caption. Say below :::figure what to look at.';
  return { kind: 'figure', figure, name: name ?? null, caption };
}
