/** Options that most tools have, in words that fit them all. */
import type { OptionTable } from './options.ts';
import { helpOptions } from './usage.ts';

export const connectionOptions = {
  ...helpOptions,
  'bootstrap-server': {
    argument: 'server(s) to use for bootstrapping',
    help: {
      en: 'Required: brokers to connect to, HOST:PORT,…',
      ko: '필수: 접속할 브로커, HOST:PORT,…',
    },
  },
  'command-config': {
    argument: 'command config property file path',
    help: { en: 'Properties file for the admin client.', ko: '관리 클라이언트의 설정 파일.' },
  },
} as const satisfies OptionTable;
