/** The check of `--bootstrap-server` that some tools make before anything else. */

/** `null`: fine; else Kafka's sentence about it. */
export function bootstrapError(text: string | null): string | null {
  if (text === null || text.trim() === '') return 'Error while validating the bootstrap address\n';
  const valid = text
    .split(',')
    .every((part) => /^(?:[a-zA-Z]+:\/\/)?\[?[0-9a-zA-Z\-%._:]*\]?:[0-9]+$/.test(part));
  return valid ? null : 'Please provide valid host:port like host1:9091,host2:9092\n';
}
