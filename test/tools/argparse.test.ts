/** Command lines read as argparse4j reads them: errors, usage and hints as Apache Kafka's tools print them. */
import { describe, expect, it } from 'vitest';
import { clusterParser } from '../../broker/src/tools/cluster/options.ts';
import {
  ArgumentError,
  HelpScreen,
  parseArguments,
} from '../../broker/src/tools/framework/argparse/parse.ts';
import { quorumParser } from '../../broker/src/tools/metadata-quorum/options.ts';

const quorumUsage = `usage: kafka-metadata-quorum [-h] [--command-config COMMAND_CONFIG]
                             (--bootstrap-server BOOTSTRAP_SERVER |
                             --bootstrap-controller BOOTSTRAP_CONTROLLER)
                             {describe,add-controller,remove-controller}
                             ...
`;
const removeUsage = `usage: kafka-metadata-quorum (--bootstrap-server BOOTSTRAP_SERVER |
                             --bootstrap-controller BOOTSTRAP_CONTROLLER)
                             remove-controller [-h]
                             --controller-id CONTROLLER_ID
                             --controller-directory-id CONTROLLER_DIRECTORY_ID
                             [--dry-run]
`;
const clusterIdUsage = `usage: kafka-cluster cluster-id [-h] [--config CONFIG]
                     [--command-config COMMAND_CONFIG]
                     (--bootstrap-server BOOTSTRAP_SERVER |
                     --bootstrap-controller BOOTSTRAP_CONTROLLER)
`;

function screenOf(parser: typeof quorumParser, line: string, locale: 'en' | 'ko' = 'en'): string {
  try {
    parseArguments(parser, line === '' ? [] : line.split(' '), locale);
  } catch (error) {
    if (error instanceof ArgumentError || error instanceof HelpScreen) return error.screen;
    throw error;
  }
  return '';
}

describe('kafka-metadata-quorum.sh', () => {
  it.each([
    ['', 'kafka-metadata-quorum: error: too few arguments\n'],
    ['--version', "kafka-metadata-quorum: error: unrecognized arguments: '--version'\n"],
    [
      '--bootstrap-server b nope',
      "kafka-metadata-quorum:  error:   invalid   choice:   'nope'   (choose  from\n'describe', 'add-controller', 'remove-controller')\n",
    ],
    [
      'describe --status',
      'kafka-metadata-quorum: error: one  of  the  arguments --bootstrap-server --\nbootstrap-controller is required\n',
    ],
    [
      '--bootstrap-server b --nope',
      "kafka-metadata-quorum: error: unrecognized arguments: '--nope'\n\nDid you mean:\n\t--help\n",
    ],
    [
      '--bootstrap-server',
      'kafka-metadata-quorum: error:  argument  --bootstrap-server:  expected  one\nargument\n',
    ],
    [
      '--bootstrap-server b --bootstrap-controller c describe --status',
      'kafka-metadata-quorum: error: argument  --bootstrap-controller: not allowed\nwith argument --bootstrap-server\n',
    ],
  ])('refuses "%s"', (line, message) => {
    expect(screenOf(quorumParser, line)).toBe(quorumUsage + message);
  });

  it.each([
    [
      '--bootstrap-server b remove-controller',
      'kafka-metadata-quorum:  error:  argument   --controller-directory-id/-d  is\nrequired\n',
    ],
    [
      '--bootstrap-server b remove-controller --controller-id x --controller-directory-id y',
      'kafka-metadata-quorum:  error:  argument   --controller-id/-i:   could  not\nconvert \'x\' to Integer (For input string: "x")\n',
    ],
  ])("refuses a command's own slip: %s", (line, message) => {
    expect(screenOf(quorumParser, line)).toBe(removeUsage + message);
  });

  it('takes shortened options and embedded values', () => {
    const { command, values } = parseArguments(
      quorumParser,
      ['--bootstrap-s=b:1', 'desc', '--re', '--hu'],
      'en',
    );
    expect(command).toBe('describe');
    expect(Object.fromEntries(values)).toEqual({
      bootstrap_server: 'b:1',
      status: false,
      replication: true,
      human_readable: true,
    });
  });

  it('helps in the language asked for', () => {
    const screen = screenOf(quorumParser, 'describe --help');
    expect(screen).toContain('\nReplication:\n  --replication          how far each replica of the log is\n');
    expect(screenOf(quorumParser, '--help', 'ko')).toContain(
      '\n옵션:\n  -h, --help             이 도움말을 보여 줍니다\n',
    );
  });
});

describe('kafka-cluster.sh', () => {
  it.each([
    [
      'cluster-id',
      'kafka-cluster:  error:  one  of   the  arguments  --bootstrap-server/-b  --\nbootstrap-controller/-C is required\n',
    ],
    [
      'cluster-id --bootstrap-server b --bootstrap-controller c',
      'kafka-cluster: error: argument --bootstrap-controller/-C:  not allowed with\nargument --bootstrap-server/-b\n',
    ],
  ])('refuses "%s"', (line, message) => {
    expect(screenOf(clusterParser, line)).toBe(clusterIdUsage + message);
  });

  it('tells every command where it is mistyped', () => {
    expect(screenOf(clusterParser, 'nope')).toBe(
      `usage: kafka-cluster [-h] {cluster-id,unregister,list-endpoints} ...
kafka-cluster: error: invalid  choice:  'nope'  (choose  from 'cluster-id',
'unregister', 'list-endpoints')
`,
    );
  });
});
