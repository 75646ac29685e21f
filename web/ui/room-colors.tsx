/** The room's own colour, in place of the product's. The server has seen to its contrast in both themes. */
import { useSession } from '../api/queries.ts';

export function RoomColors() {
  const accent = useSession()?.look.accent;
  if (!accent) return null;
  const { light, dark } = accent;
  const of = ({ text, fill, soft }: typeof light): string =>
    `--accent:${text};--accent-text:${text};--accent-fill:${fill};--accent-fill-hover:${fill};` +
    `--accent-soft:${soft};--leader:${fill}`;
  return <style>{`:root{${of(light)}}:root[data-mantine-color-scheme="dark"]{${of(dark)}}`}</style>;
}
