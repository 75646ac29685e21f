/** Arguments that say whom a tool connects to, and how: the same in every tool that argparse4j reads. */
import type { Argument } from './declaration.ts';

type ArgumentOptions = Partial<Pick<Argument, 'flags' | 'name' | 'metavar' | 'required'>>;

/** `name`: the key of the value, `bootstrap_server` where left out. */
export function bootstrapServer(options: ArgumentOptions = {}): Argument {
  return {
    flags: ['--bootstrap-server'],
    name: 'bootstrap_server',
    help: { en: 'brokers to connect to: HOST:PORT,…', ko: '접속할 브로커: HOST:PORT,…' },
    ...options,
  };
}

/** Brokers or controllers, in the parser's group `connection`. */
export function bootstraps(short: { readonly server?: string; readonly controller?: string } = {}) {
  const server = bootstrapServer({ flags: ['--bootstrap-server', ...(short.server ? [short.server] : [])] });
  const controller: Argument = {
    flags: ['--bootstrap-controller', ...(short.controller ? [short.controller] : [])],
    name: 'bootstrap_controller',
    help: { en: 'controllers to connect to: HOST:PORT,…', ko: '접속할 컨트롤러: HOST:PORT,…' },
  };
  return [server, controller].map((argument) => ({ ...argument, group: 'connection' }));
}

const whose = {
  admin: { en: 'properties file for the admin client', ko: '관리 클라이언트의 설정 파일' },
  producer: { en: 'properties file of the producer', ko: '프로듀서 설정 파일' },
  consumer: { en: 'properties file of the consumer', ko: '컨슈머 설정 파일' },
} as const;

export function commandConfig(client: keyof typeof whose, options: ArgumentOptions = {}): Argument {
  return { flags: ['--command-config'], name: 'command_config', help: whose[client], ...options };
}

/** An older spelling of `now`, whose last sound in Korean is a vowel. */
export function deprecated(flag: string, now: string, options: ArgumentOptions = {}): Argument {
  const help = { en: `deprecated: use ${now}`, ko: `사용 중단 예정: ${now}를 쓰세요` };
  return { flags: [flag], name: flag.replace(/^--/, ''), help, ...options };
}
