/** Keeps the terminals of one open cell. See hub.ts for what it promises. */
import {
  type Cell,
  CellError,
  type LimitMet,
  type RestartReason,
  type Sentence,
} from '../sandbox/sandbox.ts';
import { createSignal } from '../sandbox/signal.ts';
import type { TerminalHub, TerminalInfo } from './hub.ts';
import { HubTerminal } from './terminal.ts';

const TERMINALS_MAX = 8;
const TITLE_CHARACTERS_MAX = 60;
const COLS_MAX = 500;
const ROWS_MAX = 200;

export interface TerminalHubOptions {
  readonly cell: Cell;
  readonly language: 'ko' | 'en';
}

export function createTerminalHub(options: TerminalHubOptions): TerminalHub {
  const { cell } = options;
  const terminals = new Map<string, HubTerminal>();
  const changed = createSignal<readonly TerminalInfo[]>();
  let language = options.language;
  let lastNumber = 0;
  let why: keyof typeof notices | undefined;

  const list = (): readonly TerminalInfo[] => [...terminals.values()].map((terminal) => terminal.info);
  const report = (): void => changed.emit(list());

  const subscriptions = [
    cell.onState((state) => {
      if (state.kind === 'restarting') {
        why = state.reason;
      } else if (state.kind === 'ready' && why !== undefined) {
        const notice = notices[why];
        why = undefined;
        for (const terminal of terminals.values()) {
          if (terminal.info.state === 'ended') continue;
          terminal.print(notice[language]);
          void terminal.start(cell);
        }
      }
    }),
    cell.onLimit(tell),
  ];

  /** In the terminal where something last happened; not over a full-screen program's picture, if there is another. */
  function tell(met: LimitMet): void {
    const running = [...terminals.values()].filter(({ info }) => info.state === 'running');
    running.sort((one, other) => other.activeMs - one.activeMs);
    const terminal = running.find(({ drawsFullScreen }) => !drawsFullScreen) ?? running[0];
    terminal?.print(met.message[language]);
  }

  return {
    async open({ cols, rows, title, before }) {
      const open = [...terminals.values()].filter(({ info }) => info.state !== 'ended');
      if (open.length >= TERMINALS_MAX) {
        throw new CellError('limit', `at most ${TERMINALS_MAX} terminals can be open`);
      }
      const number = ++lastNumber;
      const terminal = new HubTerminal({
        id: `t${number}`,
        title: cleanTitle(title) ?? String(number),
        ...boundedSize(cols, rows),
        couldNotStart,
        language: () => language,
        onChange: report,
        ...(before?.directory ? { directory: before.directory } : {}),
      });
      if (before) terminal.show(before.screen, slept[language]);
      terminals.set(terminal.info.id, terminal);
      // While the box is being started anew, its `ready` starts this one too.
      if (cell.state.kind === 'ready') await terminal.start(cell);
      report();
      return terminal.info;
    },
    list,
    rest: async (terminalId) => terminals.get(terminalId)?.rest(),
    close(terminalId) {
      terminals.get(terminalId)?.close();
      if (terminals.delete(terminalId)) report();
    },
    rename(terminalId, title) {
      const cleaned = cleanTitle(title);
      if (cleaned !== undefined) terminals.get(terminalId)?.rename(cleaned);
    },
    attach(viewer, attach) {
      const attachment = terminals.get(attach.terminalId)?.attach(viewer, attach);
      return (
        attachment && {
          ...attachment,
          resize(cols, rows) {
            const size = boundedSize(cols, rows);
            attachment.resize(size.cols, size.rows);
          },
        }
      );
    },
    onChange: changed.subscribe,
    setLanguage(next) {
      language = next;
    },
    dispose() {
      for (const end of subscriptions) end();
      for (const terminal of terminals.values()) terminal.close();
      terminals.clear();
    },
  };
}

const notices: Readonly<Record<RestartReason, Sentence>> = {
  asked: {
    ko: '환경을 다시 시작했어요. 파일과 클러스터는 그대로예요.',
    en: 'The environment was restarted. Your files and your cluster are as they were.',
  },
  boxEnded: {
    ko: '환경이 멈춰서 다시 시작했어요. 파일과 클러스터는 그대로예요.',
    en: 'The environment had ended and was started again. Your files and your cluster are as they were.',
  },
  reset: {
    ko: '환경을 처음 상태로 되돌렸어요. 파일과 클러스터를 비웠어요.',
    en: 'The environment was reset. Your files and your cluster were emptied.',
  },
  restored: {
    ko: '파일과 클러스터를 보관해 둔 상태로 바꿨어요.',
    en: 'Your files and your cluster are now what was kept of them.',
  },
};

const slept: Sentence = {
  ko: '── 환경이 잠들었다 깨어났어요. 여기부터는 새 셸이에요. 돌던 프로그램은 끝났고, 파일과 클러스터는 그대로예요. ──',
  en: '── The environment slept. From here on it is a new shell: programs that ran have ended, files and cluster are as they were. ──',
};

const couldNotStart = (reason: string): Sentence => ({
  ko: `터미널을 시작하지 못했어요(${reason}). 실행 중인 프로그램을 끝내거나 환경을 다시 시작하세요.`,
  en: `The terminal could not be started (${reason}). End some programs, or restart the environment.`,
});

function cleanTitle(title: string | undefined): string | undefined {
  const cleaned = title
    ?.replace(/[\x00-\x1f\x7f]/g, '')
    .trim()
    .slice(0, TITLE_CHARACTERS_MAX);
  return cleaned === '' ? undefined : cleaned;
}

function boundedSize(cols: number, rows: number): { cols: number; rows: number } {
  const bounded = (value: number, max: number): number =>
    Number.isFinite(value) ? Math.min(max, Math.max(2, Math.floor(value))) : 24;
  return { cols: bounded(cols, COLS_MAX), rows: bounded(rows, ROWS_MAX) };
}
