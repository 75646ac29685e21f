/** Command line of kafka-features.sh. */

import { bootstraps, commandConfig } from '../framework/argparse/client-arguments.ts';
import { type Argument, helpArgument, type Parser } from '../framework/argparse/declaration.ts';
import { latestProduction } from './metadata-versions.ts';

const dryRun: Argument = {
  flags: ['--dry-run'],
  name: 'dry_run',
  action: 'true',
  help: { en: 'only ask whether it could be done', ko: '할 수 있는지 물어보기만 합니다' },
};
const unsafe: Argument = {
  flags: ['--unsafe'],
  name: 'unsafe',
  action: 'true',
  help: { en: 'even if metadata may be lost by it', ko: '메타데이터를 잃을 수 있어도 합니다' },
};
const metadata: Argument = {
  flags: ['--metadata'],
  name: 'metadata',
  help: {
    en: 'deprecated: use --feature metadata.version=LEVEL or --release-version',
    ko: '사용 중단 예정: --feature metadata.version=레벨 또는 --release-version을 쓰세요',
  },
};
const release: Argument = {
  flags: ['--release-version'],
  name: 'release_version',
  help: {
    en: 'set every feature as this release has it, e.g. 4.2-IV1; see version-mapping',
    ko: '모든 기능을 이 릴리스에 맞춥니다. 예: 4.2-IV1. version-mapping으로 미리 볼 수 있습니다',
  },
};
const feature: Argument = {
  flags: ['--feature'],
  name: 'feature',
  action: 'append',
  help: { en: 'a feature and its level: NAME=LEVEL', ko: '기능과 레벨: 이름=레벨' },
};

export const featuresParser: Parser = {
  name: 'kafka-features',
  description: {
    en: 'Shows and changes the feature levels of a cluster.',
    ko: '클러스터의 기능 레벨을 보여 주고 바꿉니다.',
  },
  arguments: [helpArgument, ...bootstraps(), commandConfig('admin')],
  groups: { connection: { exclusive: true } },
  commands: [
    {
      name: 'describe',
      summary: { en: 'Show the features.', ko: '기능을 보여 줍니다.' },
      arguments: [
        helpArgument,
        {
          flags: ['--node-id'],
          name: 'node_id',
          type: 'Integer',
          help: { en: 'ask this node instead of any', ko: '이 노드에게 물어봅니다' },
        },
      ],
    },
    {
      name: 'upgrade',
      summary: { en: 'Raise features.', ko: '기능 레벨을 올립니다.' },
      arguments: [helpArgument, metadata, release, feature, dryRun],
    },
    {
      name: 'downgrade',
      summary: { en: 'Lower features.', ko: '기능 레벨을 내립니다.' },
      arguments: [helpArgument, metadata, release, feature, unsafe, dryRun],
    },
    {
      name: 'disable',
      summary: { en: 'Lower features to level zero.', ko: '기능을 끕니다(레벨 0).' },
      arguments: [
        helpArgument,
        { ...feature, help: { en: 'a feature to disable', ko: '끌 기능' } },
        unsafe,
        dryRun,
      ],
    },
    {
      name: 'version-mapping',
      summary: {
        en: 'Show which features come with a release.',
        ko: '릴리스마다 어떤 기능이 따라오는지 보여 줍니다.',
      },
      arguments: [
        helpArgument,
        {
          ...release,
          help: {
            en: `the release, 3.3-IV3 or newer; without it ${latestProduction}`,
            ko: `릴리스. 3.3-IV3부터. 없으면 ${latestProduction}`,
          },
        },
      ],
    },
    {
      name: 'feature-dependencies',
      summary: { en: 'Show what a feature needs.', ko: '기능에 무엇이 필요한지 보여 줍니다.' },
      arguments: [helpArgument, { ...feature, required: true }],
    },
  ],
};
