/** Breaks lines of a command between words only: `--create` must not be torn at its hyphens. */
export function Words({ text }: { text: string }) {
  return text.split(/(\s+)/).map((part, index) =>
    /^\s*$/.test(part) ? (
      part
    ) : (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        key={index}
        className="command-word"
      >
        {part}
      </span>
    ),
  );
}
