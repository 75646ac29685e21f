/** Command line of kafka-cluster.sh. */
import { bootstraps, commandConfig, deprecated } from '../framework/argparse/client-arguments.ts';
import { type Argument, helpArgument, type Parser } from '../framework/argparse/declaration.ts';

const connection: readonly Argument[] = [
  ...bootstraps({ server: '-b', controller: '-C' }),
  deprecated('--config', '--command-config'),
  commandConfig('admin', { flags: ['--command-config', '-c'] }),
];
const groups = { connection: { exclusive: true, required: true } } as const;

export const clusterParser: Parser = {
  name: 'kafka-cluster',
  description: {
    en: 'Tells about a cluster, and forgets brokers.',
    ko: '클러스터를 알아보고, 브로커 등록을 지웁니다.',
  },
  arguments: [helpArgument],
  commands: [
    {
      name: 'cluster-id',
      summary: { en: 'Show the id of the cluster.', ko: '클러스터 ID를 보여 줍니다.' },
      arguments: [helpArgument, ...connection],
      groups,
    },
    {
      name: 'unregister',
      summary: {
        en: 'Forget a broker that is gone for good.',
        ko: '완전히 사라진 브로커의 등록을 지웁니다.',
      },
      arguments: [
        helpArgument,
        ...connection,
        {
          flags: ['--id', '-i'],
          name: 'id',
          type: 'Integer',
          required: true,
          help: { en: 'id of the broker', ko: '브로커 ID' },
        },
      ],
      groups,
    },
    {
      name: 'list-endpoints',
      summary: {
        en: 'List where brokers or controllers listen.',
        ko: '브로커나 컨트롤러의 주소를 나열합니다.',
      },
      arguments: [
        helpArgument,
        ...connection,
        {
          flags: ['--include-fenced-brokers'],
          name: 'include_fenced_brokers',
          action: 'true',
          help: { en: 'list fenced brokers, too', ko: '격리된(fenced) 브로커도 나열합니다' },
        },
      ],
      groups,
    },
  ],
};
