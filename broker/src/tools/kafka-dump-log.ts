/** kafka-dump-log.sh: what is in the files of a partition. Follows org.apache.kafka.tools.DumpLogSegments. */
import { CompressionError, loadCodec } from '../messages/compression.ts';
import { WireError } from '../wire/wire-error.ts';
import {
  classDecoder,
  foreignDecoder,
  metadataDecoder,
  offsetsDecoder,
  type RecordDecoder,
  transactionDecoder,
} from './dump-log/decoders.ts';
import {
  dumpIndex,
  dumpProducerSnapshot,
  dumpTimeIndex,
  dumpTransactionIndex,
} from './dump-log/index-dump.ts';
import { IndexErrors } from './dump-log/index-errors.ts';
import { dumpLog, nameOf } from './dump-log/log-dump.ts';
import { dumpLogOptions } from './dump-log/options.ts';
import { type OptionSet, parseOptions } from './framework/options.ts';
import type { ToolPorts } from './framework/ports.ts';
import { Usage } from './framework/usage.ts';
import { JavaError, kafkaError } from './java/java-error.ts';

type Options = OptionSet<typeof dumpLogOptions>;

const about = {
  en: 'Shows what is in the files of a partition: records, indexes, snapshots.',
  ko: '파티션 파일에 든 것을 보여 줍니다: 레코드, 인덱스, 스냅샷.',
};

const decoders: readonly (readonly [keyof typeof dumpLogOptions, RecordDecoder])[] = [
  ['offsets-decoder', offsetsDecoder],
  ['transaction-log-decoder', transactionDecoder],
  ['cluster-metadata-decoder', metadataDecoder],
  ['remote-log-metadata-decoder', foreignDecoder],
  ['share-group-state-decoder', foreignDecoder],
];

export async function run(ports: ToolPorts): Promise<number> {
  try {
    const usage = new Usage(ports, dumpLogOptions);
    const options = parseOptions(dumpLogOptions, ports.args);
    usage.helpOrVersion(options, about);
    usage.required(options, 'files');
    await loadCodec('zstd');
    dumpAll(ports, options);
    return 0;
  } catch (error) {
    const failure = javaError(error);
    if (failure === undefined) throw error;
    ports.err(`Exception in thread "main" ${failure.trace}`);
    return 1;
  }
}

function javaError(error: unknown): JavaError | undefined {
  if (error instanceof JavaError) return error;
  if (error instanceof WireError) return kafkaError('InvalidRecordException', error.message);
  if (error instanceof CompressionError) {
    return new JavaError('org.apache.kafka.common.KafkaException', error.message);
  }
  return undefined;
}

function dumpAll(ports: ToolPorts, options: Options): void {
  const errors = new IndexErrors();
  for (const given of options.value('files')!.split(',')) {
    const path = given.replace(/(?<=.)\/+$/, '').replace(/\/+/g, '/');
    ports.out(`Dumping ${path}\n`);
    dumpFile(ports, path, { options, errors });
  }
  const text = errors.text();
  if (text !== '') ports.err(text);
}

function dumpFile(
  ports: ToolPorts,
  path: string,
  { options, errors }: { options: Options; errors: IndexErrors },
): void {
  const out = (text: string) => ports.out(text);
  const index = {
    out,
    errors,
    sanityOnly: options.has('index-sanity-check'),
    verifyOnly: options.has('verify-index-only'),
    messageBytesMax: () => options.number('max-message-size')!,
  };
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  switch (dot < 0 ? '' : name.slice(dot)) {
    case '.log':
    case '.checkpoint':
      dumpLog(path, { ...logOptions(options), out, onGap: (file, gap) => errors.gap(file, gap) });
      break;
    case '.index':
      dumpIndex(path, index);
      break;
    case '.timeindex':
      dumpTimeIndex(path, index);
      break;
    case '.snapshot':
      dumpProducerSnapshot(path, { out, err: (text) => ports.err(text) });
      break;
    case '.txnindex':
      dumpTransactionIndex(path, out);
      break;
    default:
      ports.err(`Ignoring unknown file ${path}\n`);
  }
}

function logOptions(options: Options) {
  const decoder = decoders.find(([name]) => options.has(name))?.[1];
  const printsContents =
    decoder !== undefined ||
    options.has('print-data-log') ||
    options.has('value-decoder-class') ||
    options.has('key-decoder-class');
  return {
    printsContents,
    isDeep: printsContents || options.has('deep-iteration'),
    skipsMetadata: options.has('skip-record-metadata'),
    bytesMax: options.number('max-bytes')!,
    decoder:
      decoder ?? classDecoder(options.value('key-decoder-class')!, options.value('value-decoder-class')!),
  };
}
