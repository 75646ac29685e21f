/** How a file of the home is run from there, by its name; null: it is none to run. Pure. */
const programs = [
  { name: /\.(?:[cm]?ts|[cm]?js)$/, by: 'node' },
  { name: /\.sh$/, by: 'bash' },
  { name: /\.py$/, by: 'python3' },
] as const;

export function runCommand(path: string): string | null {
  const program = programs.find(({ name }) => name.test(path));
  if (!program) return null;
  const word = /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
  // A name that begins so would be read as an option.
  return `${program.by} ${word.startsWith('-') ? './' : ''}${word}`;
}
