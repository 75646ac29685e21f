/** The options of connect-mirror-maker.sh; `--clusters` takes all words up to the next option, as argparse4j has it. */
import type { Locale } from '../framework/ports.ts';

export interface MirrorMakerOptions {
  readonly file: string;
  /** Left out: all clusters. */
  readonly clusters?: readonly string[];
  readonly status: boolean;
}

export function parseOptions(
  args: readonly string[],
): MirrorMakerOptions | 'help' | { readonly problem: string } {
  const files: string[] = [];
  let clusters: string[] | undefined;
  let status = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '-h' || argument === '--help') return 'help';
    if (argument === '--status') status = true;
    else if (argument === '--clusters') {
      clusters = [];
      while (args[index + 1] !== undefined && !args[index + 1]!.startsWith('-'))
        clusters.push(args[++index]!);
      if (clusters.length === 0) return { problem: 'argument --clusters: expected at least one argument' };
    } else if (argument.startsWith('-')) return { problem: `unrecognized arguments: '${argument}'` };
    else files.push(argument);
  }
  const [file, extra] = files;
  if (file === undefined) return { problem: 'too few arguments' };
  if (extra !== undefined) return { problem: `unrecognized arguments: '${extra}'` };
  return { file, status, ...(clusters === undefined ? {} : { clusters }) };
}

const texts = {
  en: {
    about: 'MirrorMaker 2: mirrors topics, groups and offsets between Kafka clusters.',
    file: 'MirrorMaker configuration file.',
    help: 'show this help message and exit',
    clusters: 'Target cluster to use for this node.',
    status: 'Print progress and lag of the flows and exit.',
  },
  ko: {
    about: 'MirrorMaker 2: Kafka 클러스터 사이에서 토픽, 그룹, 오프셋을 복제합니다.',
    file: 'MirrorMaker 설정 파일.',
    help: '이 도움말을 보여 줍니다',
    clusters: '이 노드가 맡을 대상 클러스터.',
    status: '복제 진행 상황과 지연(lag)을 출력하고 끝냅니다.',
  },
} as const;

export function usage(locale: Locale): string {
  const text = texts[locale];
  return `usage: connect-mirror-maker [-h] [--clusters CLUSTER [CLUSTER ...]] [--status]
                            mm2.properties

${text.about}

positional arguments:
  mm2.properties         ${text.file}

optional arguments:
  -h, --help             ${text.help}
  --clusters CLUSTER [CLUSTER ...]
                         ${text.clusters}
  --status               ${text.status}
`;
}
