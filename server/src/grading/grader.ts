/** Grading bound to `@brokerlab/grader`, and the course read from its folder. */
import { type Client, connectCluster } from '@brokerlab/broker/client';
import { drawLab, evaluateStep, type Lab, loadCourse, neededObservations, observe } from '@brokerlab/grader';
import type { Cell } from '../sandbox/main.ts';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import type { GraderPort } from './grader-port.ts';

const DRAWN_MAX = 200;
/** A look waits no longer: a broker that is paused answers "not known" rather than never. */
const LOOK_TIMEOUT_MS = 4_000;

export const grader: GraderPort = {
  observe: ({ lab, step, clients }) => observe(clients, neededObservations(lab, step)),
  evaluate: (question) => evaluateStep(question),
};

/** Throws the grader's `LabError` with file and line of everything that is wrong. */
export function openCatalog(directory: string): LabCatalog {
  const course = loadCourse(directory);
  const sources = new Map(course.labs.map((source) => [source.id, source]));
  const drawn = new Map<string, Lab>();
  return {
    title: course.title,
    labIds: course.labs.map(({ id }) => id),
    lab(labId, seed) {
      const source = sources.get(labId);
      if (!source) return undefined;
      const key = `${labId}/${seed}`;
      const known = drawn.get(key);
      if (known) return known;
      if (drawn.size >= DRAWN_MAX) drawn.clear();
      const lab = drawLab(source, seed);
      drawn.set(key, lab);
      return lab;
    },
  };
}

/** A client of the cell's cluster, by the lab's name for it; nothing is opened before the first call. */
export function connectCell(cell: Cell, lab: Lab): Readonly<Record<string, Client>> {
  const [main] = lab.clusters;
  if (!main) return {};
  let turn = 0;
  const client = connectCluster({
    clientId: 'brokerlab-grader',
    requestTimeoutMs: LOOK_TIMEOUT_MS,
    apiTimeoutMs: LOOK_TIMEOUT_MS,
    connectTimeoutMs: 1_000,
    retryBackoffMs: 20,
    dial: (target) => {
      if (target !== 'bootstrap') return cell.dialBroker(target);
      turn = (turn % main.brokers) + 1;
      return cell.dialBroker(turn);
    },
  });
  return { [main.id]: client };
}
