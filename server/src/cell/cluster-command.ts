/** `cluster`, typed in a terminal: the trainee's switch for their own brokers, in words they know. */
import { CellError, type ClusterStatus, type Language, type NodeState } from '../sandbox/sandbox.ts';
import type { CellClusters } from './clusters.ts';
import type { ClusterAction, ClusterCommand } from './protocol.ts';

interface Answer {
  readonly text: string;
  readonly exitCode: number;
}

/** A cluster's id may stand behind: `cluster kill 2 b`. */
export async function answerClusterCommand(
  command: ClusterCommand,
  clusters: Pick<CellClusters, 'names' | 'named'>,
): Promise<Answer> {
  const words = wordsIn[command.language];
  const given = command.arguments;
  const last = given.length > 1 && /^[a-z]/.test(given.at(-1) ?? '') ? given.at(-1) : undefined;
  if (last !== undefined && !clusters.names.includes(last))
    return { text: words.unknownCluster(last, clusters.names), exitCode: 1 };
  const brokers = clusters.named(last);
  const [name = 'status', node, ...rest] = last === undefined ? given : given.slice(0, -1);
  if (name === 'help' || name === '--help' || name === '-h') return { text: words.help, exitCode: 0 };
  if (name === 'status' && node === undefined)
    return status(words, clusters, last === undefined ? clusters.names : [last]);
  if (!isAction(name)) return { text: words.unknownAction(name) + words.help, exitCode: 2 };
  const needsNode = name !== 'add' && name !== 'heal';
  if (rest.length > 0 || (needsNode ? node === undefined || !/^\d{1,3}$/.test(node) : node !== undefined)) {
    return { text: needsNode ? words.needsNode(name) : words.takesNothing(name), exitCode: 2 };
  }
  try {
    const nodeId = await brokers.act(name, Number(node ?? 0));
    return { text: words.done[name](nodeId), exitCode: 0 };
  } catch (error) {
    return { text: words.refused(name, Number(node ?? 0), error, brokers.status()), exitCode: 1 };
  }
}

/** With its name above, where there are several. */
function status(
  words: Words,
  clusters: Pick<CellClusters, 'names' | 'named'>,
  wanted: readonly string[],
): Answer {
  const parts = wanted.map((name) => {
    const lines = clusters
      .named(name)
      .status()
      .nodes.map(({ id, port, state }) => `${words.node(id)}  localhost:${port}  ${words.states[state]}\n`);
    if (lines.length === 0) return words.noCluster;
    return `${clusters.names.length > 1 ? `${name}\n` : ''}${lines.join('')}`;
  });
  return { text: parts.join(''), exitCode: 0 };
}

const actions: readonly string[] = [
  'start',
  'stop',
  'kill',
  'pause',
  'resume',
  'isolate',
  'heal',
  'add',
  'remove',
];
const isAction = (name: string): name is ClusterAction => actions.includes(name);

interface Words {
  readonly help: string;
  readonly noCluster: string;
  readonly states: Readonly<Record<NodeState, string>>;
  readonly done: Readonly<Record<ClusterAction, (nodeId: number) => string>>;
  node(id: number): string;
  unknownAction(name: string): string;
  unknownCluster(name: string, known: readonly string[]): string;
  needsNode(name: string): string;
  takesNothing(name: string): string;
  refused(action: ClusterAction, nodeId: number, error: unknown, status: ClusterStatus): string;
}

const colour = (code: number, text: string): string => `\x1b[${code}m${text}\x1b[0m`;

const ko: Words = {
  help: `사용법: cluster [명령] [브로커 번호]
  cluster                브로커들의 상태 보기
  cluster stop 2         브로커 2를 정상 종료
  cluster start 2        브로커 2를 다시 시작
  cluster kill 2         브로커 2를 강제 종료 (kill -9처럼)
  cluster pause 2        브로커 2를 일시 정지
  cluster resume 2       일시 정지한 브로커 2를 계속 실행
  cluster isolate 2      브로커 2를 다른 브로커들과 네트워크로 끊기
  cluster heal           끊은 네트워크를 모두 다시 잇기
  cluster add            브로커를 하나 더 추가
  cluster remove 4       추가했던 브로커 4를 없애기 (파티션을 먼저 옮겨야 해요)
클러스터가 여럿이면 뒤에 이름을 써요: cluster kill 2 이름
`,
  noCluster: '이 실습에는 클러스터가 없어요.\n',
  states: {
    starting: colour(33, '시작하는 중'),
    running: colour(32, '실행 중'),
    stopped: colour(31, '멈춤'),
    paused: colour(33, '일시 정지'),
    isolated: colour(33, '네트워크 끊김'),
    failed: colour(31, '시작하지 못함'),
  },
  done: {
    start: (id) => `브로커 ${id}이(가) 다시 실행 중이에요.\n`,
    stop: (id) => `브로커 ${id}을(를) 정상 종료했어요. 다시 시작하려면: cluster start ${id}\n`,
    kill: (id) => `브로커 ${id}을(를) 강제 종료했어요. 다시 시작하려면: cluster start ${id}\n`,
    pause: (id) => `브로커 ${id}을(를) 일시 정지했어요. 계속하려면: cluster resume ${id}\n`,
    resume: (id) => `브로커 ${id}이(가) 계속 실행돼요.\n`,
    isolate: (id) => `브로커 ${id}을(를) 다른 브로커들과 끊었어요. 다시 이으려면: cluster heal\n`,
    heal: () => '네트워크를 모두 다시 이었어요.\n',
    add: (id) => `브로커 ${id}을(를) 추가했어요. 파티션은 저절로 옮겨 오지 않아요.\n`,
    remove: (id) => `브로커 ${id}을(를) 클러스터에서 없앴어요.\n`,
  },
  node: (id) => `브로커 ${id}`,
  unknownAction: (name) => `cluster: '${name}'(이)라는 명령은 없어요.\n`,
  unknownCluster: (name, known) =>
    `cluster: '${name}'(이)라는 클러스터는 없어요. 있는 클러스터: ${known.join(', ')}\n`,
  needsNode: (name) => `cluster ${name}: 브로커 번호 하나가 필요해요. 예: cluster ${name} 2\n`,
  takesNothing: (name) => `cluster ${name}: 뒤에 아무것도 쓰지 않아요.\n`,
  refused(action, nodeId, error, status) {
    if (error instanceof CellError && error.code === 'unknownNode') {
      if (status.nodes.length === 0) return this.noCluster;
      const ids = status.nodes.map(({ id }) => id).join(', ');
      return `브로커 ${nodeId}은(는) 없어요. 있는 브로커: ${ids}\n`;
    }
    if (error instanceof CellError && error.code === 'badRequest') {
      return `브로커 ${nodeId}의 지금 상태: ${this.states[error.message as NodeState]}. 이 상태에서는 ${action}을(를) 할 수 없어요.\n`;
    }
    if (codeOf(error) === 'voter') {
      return `브로커 ${nodeId}은(는) 처음부터 있던 컨트롤러라 없앨 수 없어요. cluster add로 추가한 브로커만 없앨 수 있어요.\n`;
    }
    if (codeOf(error) === 'replicas-left') {
      return `브로커 ${nodeId}에 아직 레플리카가 있어요. 먼저 kafka-reassign-partitions.sh로 다른 브로커에 옮기세요.\n`;
    }
    return `cluster ${action}: 하지 못했어요: ${messageOf(error)}\n`;
  },
};

const en: Words = {
  help: `Usage: cluster [action] [broker number]
  cluster                show the brokers and their state
  cluster stop 2         shut broker 2 down cleanly
  cluster start 2        start broker 2 again
  cluster kill 2         kill broker 2 (as with kill -9)
  cluster pause 2        freeze broker 2
  cluster resume 2       let a frozen broker 2 go on
  cluster isolate 2      cut broker 2 off from the other brokers
  cluster heal           mend every cut
  cluster add            add one more broker
  cluster remove 4       take added broker 4 out again (move its partitions first)
Where there are several clusters, put the name behind: cluster kill 2 NAME
`,
  noCluster: 'There is no cluster in this lab.\n',
  states: {
    starting: colour(33, 'starting'),
    running: colour(32, 'running'),
    stopped: colour(31, 'stopped'),
    paused: colour(33, 'paused'),
    isolated: colour(33, 'isolated'),
    failed: colour(31, 'could not start'),
  },
  done: {
    start: (id) => `Broker ${id} is running again.\n`,
    stop: (id) => `Broker ${id} was shut down cleanly. To start it again: cluster start ${id}\n`,
    kill: (id) => `Broker ${id} was killed. To start it again: cluster start ${id}\n`,
    pause: (id) => `Broker ${id} is frozen. To let it go on: cluster resume ${id}\n`,
    resume: (id) => `Broker ${id} goes on.\n`,
    isolate: (id) => `Broker ${id} is cut off from the other brokers. To mend it: cluster heal\n`,
    heal: () => 'Every broker can reach every other again.\n',
    add: (id) => `Broker ${id} was added. Partitions do not move to it by themselves.\n`,
    remove: (id) => `Broker ${id} is no longer part of the cluster.\n`,
  },
  node: (id) => `broker ${id}`,
  unknownAction: (name) => `cluster: there is no action '${name}'.\n`,
  unknownCluster: (name, known) => `cluster: there is no cluster '${name}'. There are: ${known.join(', ')}\n`,
  needsNode: (name) => `cluster ${name}: needs one broker number, as in: cluster ${name} 2\n`,
  takesNothing: (name) => `cluster ${name}: takes nothing more.\n`,
  refused(action, nodeId, error, status) {
    if (error instanceof CellError && error.code === 'unknownNode') {
      if (status.nodes.length === 0) return this.noCluster;
      const ids = status.nodes.map(({ id }) => id).join(', ');
      return `There is no broker ${nodeId}. There are: ${ids}\n`;
    }
    if (error instanceof CellError && error.code === 'badRequest') {
      return `Broker ${nodeId} is ${this.states[error.message as NodeState]}; it can't ${action} from there.\n`;
    }
    if (codeOf(error) === 'voter') {
      return `Broker ${nodeId} is one of the controllers the cluster began with and stays. Only brokers from cluster add can be removed.\n`;
    }
    if (codeOf(error) === 'replicas-left') {
      return `Broker ${nodeId} still has replicas. Move them to other brokers first, with kafka-reassign-partitions.sh.\n`;
    }
    return `cluster ${action}: failed: ${messageOf(error)}\n`;
  },
};

const wordsIn: Readonly<Record<Language, Words>> = { ko, en };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Of the cluster's own errors. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
