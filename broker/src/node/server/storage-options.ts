/** Command line of kafka-storage.sh. */
import { type Argument, helpArgument, type Parser } from '../../tools/framework/argparse/declaration.ts';

const config: Argument = {
  flags: ['--config', '-c'],
  name: 'config',
  required: true,
  help: { en: 'properties file of the server', ko: '서버의 속성 파일' },
};
const releaseVersion: Argument = {
  flags: ['--release-version', '-r'],
  name: 'release_version',
  help: {
    en: 'release whose feature levels to use, from 3.3-IV3 on; default 4.3-IV0',
    ko: '기능 수준을 정할 릴리스(3.3-IV3부터). 기본값 4.3-IV0',
  },
};

export const storageParser: Parser = {
  name: 'kafka-storage',
  description: {
    en: 'Prepares the log directories of a server, and tells what is in them.',
    ko: '서버의 로그 디렉터리를 준비하고, 무엇이 들어 있는지 알려 줍니다.',
  },
  arguments: [helpArgument],
  commands: [
    {
      name: 'info',
      summary: {
        en: 'Tell about the log directories of this node.',
        ko: '이 노드의 로그 디렉터리를 알려 줍니다.',
      },
      arguments: [helpArgument, config],
    },
    {
      name: 'format',
      summary: {
        en: 'Format the log directories of this node.',
        ko: '이 노드의 로그 디렉터리를 포맷합니다.',
      },
      arguments: [
        helpArgument,
        config,
        {
          flags: ['--cluster-id', '-t'],
          name: 'cluster_id',
          required: true,
          help: { en: 'id of the cluster', ko: '클러스터 ID' },
        },
        {
          flags: ['--add-scram', '-S'],
          name: 'add_scram',
          action: 'append',
          help: {
            en: "SCRAM credential the cluster begins with: 'SCRAM-SHA-256=[name=alice,password=secret]', with iterations and salt, or saltedpassword, where wanted",
            ko: "클러스터가 처음부터 가질 SCRAM 자격 증명: 'SCRAM-SHA-256=[name=alice,password=secret]'. iterations, salt, saltedpassword도 쓸 수 있습니다",
          },
        },
        {
          flags: ['--ignore-formatted', '-g'],
          name: 'ignore_formatted',
          action: 'true',
          help: {
            en: 'skip directories that are formatted already',
            ko: '이미 포맷된 디렉터리는 건너뜁니다',
          },
        },
        releaseVersion,
        {
          flags: ['--feature', '-f'],
          name: 'feature',
          action: 'append',
          help: { en: 'level of one feature: NAME=LEVEL', ko: '기능 하나의 수준: 이름=수준' },
        },
        {
          flags: ['--standalone', '-s'],
          name: 'standalone',
          action: 'true',
          group: 'quorum',
          help: {
            en: 'this controller alone is the (dynamic) quorum; with controller.quorum.bootstrap.servers, without controller.quorum.voters',
            ko: '이 컨트롤러 혼자 (동적) 쿼럼이 됩니다. controller.quorum.voters 없이 controller.quorum.bootstrap.servers와 함께 씁니다',
          },
        },
        {
          flags: ['--no-initial-controllers', '-N'],
          name: 'no_initial_controllers',
          action: 'true',
          group: 'quorum',
          help: {
            en: 'this server joins a (dynamic) quorum that others form',
            ko: '다른 서버가 이룬 (동적) 쿼럼에 들어갑니다',
          },
        },
        {
          flags: ['--initial-controllers', '-I'],
          name: 'initial_controllers',
          group: 'quorum',
          help: {
            en: 'the (dynamic) quorum: ID@HOST:PORT:DIRECTORY-ID with commas between, the same for all of them',
            ko: '(동적) 쿼럼: 쉼표로 나눈 ID@HOST:PORT:디렉터리-ID. 모든 서버에 똑같이 줍니다',
          },
        },
      ],
      groups: { quorum: { exclusive: true } },
    },
    {
      name: 'version-mapping',
      summary: {
        en: 'Show which feature levels belong to a release.',
        ko: '릴리스에 어떤 기능 수준이 속하는지 보여 줍니다.',
      },
      arguments: [helpArgument, releaseVersion],
    },
    {
      name: 'feature-dependencies',
      summary: {
        en: 'Show what levels of features depend on.',
        ko: '기능 수준이 무엇에 의존하는지 보여 줍니다.',
      },
      arguments: [
        helpArgument,
        {
          flags: ['--feature', '-f'],
          name: 'feature',
          action: 'append',
          required: true,
          help: { en: 'NAME=LEVEL; may be given again', ko: '이름=수준. 여러 번 쓸 수 있습니다' },
        },
      ],
    },
    {
      name: 'random-uuid',
      summary: { en: 'Print a random UUID.', ko: '무작위 UUID를 출력합니다.' },
      arguments: [helpArgument],
    },
  ],
};
