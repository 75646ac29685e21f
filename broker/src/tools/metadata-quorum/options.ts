/** Command line of kafka-metadata-quorum.sh. */
import { bootstraps, commandConfig } from '../framework/argparse/client-arguments.ts';
import { helpArgument, type Parser } from '../framework/argparse/declaration.ts';

export const quorumParser: Parser = {
  name: 'kafka-metadata-quorum',
  description: {
    en: 'Shows the quorum that keeps the metadata, and changes who votes in it.',
    ko: '메타데이터를 지키는 쿼럼을 보여 주고, 투표자를 바꿉니다.',
  },
  arguments: [
    helpArgument,
    ...bootstraps(),
    {
      ...commandConfig('admin'),
      help: {
        en: 'properties file for the admin client; for add-controller, that of the controller as well',
        ko: '관리 클라이언트의 설정 파일. add-controller에서는 컨트롤러의 설정 파일이기도 합니다',
      },
    },
  ],
  groups: { connection: { exclusive: true, required: true } },
  commands: [
    {
      name: 'describe',
      summary: { en: 'Show the quorum.', ko: '쿼럼을 보여 줍니다.' },
      arguments: [
        helpArgument,
        {
          flags: ['--status'],
          name: 'status',
          action: 'true',
          group: 'status',
          help: {
            en: 'leader, epoch, high watermark, lag and voters',
            ko: '리더, 에폭, 하이 워터마크, 지연, 투표자',
          },
        },
        {
          flags: ['--replication'],
          name: 'replication',
          action: 'true',
          group: 'replication',
          help: { en: 'how far each replica of the log is', ko: '복제본마다 로그를 어디까지 받았는지' },
        },
        {
          flags: ['--human-readable'],
          name: 'human_readable',
          action: 'true',
          group: 'replication',
          help: { en: 'times as "so long ago"', ko: '시각을 "얼마 전"으로 보여 줍니다' },
        },
      ],
      groups: {
        status: { title: { en: 'Status', ko: '상태' } },
        replication: { title: { en: 'Replication', ko: '복제' } },
      },
    },
    {
      name: 'add-controller',
      summary: { en: 'Make a controller a voter.', ko: '컨트롤러를 투표자로 넣습니다.' },
      arguments: [
        helpArgument,
        {
          flags: ['--dry-run'],
          name: 'dry_run',
          action: 'true',
          help: { en: 'only say what would be done', ko: '무엇을 할지 말하기만 합니다' },
        },
      ],
    },
    {
      name: 'remove-controller',
      summary: { en: 'Take a controller out of the voters.', ko: '컨트롤러를 투표자에서 뺍니다.' },
      arguments: [
        helpArgument,
        {
          flags: ['--controller-id', '-i'],
          name: 'controller_id',
          type: 'Integer',
          required: true,
          help: { en: 'id of the controller', ko: '컨트롤러 ID' },
        },
        {
          flags: ['--controller-directory-id', '-d'],
          name: 'controller_directory_id',
          required: true,
          help: { en: "id of the controller's metadata directory", ko: '컨트롤러 메타데이터 디렉터리의 ID' },
        },
        {
          flags: ['--dry-run'],
          name: 'dry_run',
          action: 'true',
          help: { en: 'only say what would be done', ko: '무엇을 할지 말하기만 합니다' },
        },
      ],
    },
  ],
};
