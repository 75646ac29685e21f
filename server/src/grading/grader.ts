/** Grading bound to `@brokerlab/grader`, and the course read from its folder. */
import { type Client, connectCluster } from '@brokerlab/broker/client';
import type { Connection, Lab, LabCluster, Problem } from '@brokerlab/grader';
import {
  drawExam,
  drawLab,
  EXAM_ID,
  evaluateStep,
  neededObservations,
  observe,
  readConcepts,
  readCourse,
} from '@brokerlab/grader';
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

/** A lab with mistakes is left out, told with file, line and cure; only a course.yaml that cannot be read throws. */
export function openCatalog(
  directory: string,
  onProblem: (problem: Problem) => void = () => undefined,
  only?: string,
): LabCatalog {
  const { course, labs, problems } = readCourse(directory, only);
  const reading = readConcepts(directory, course.concepts);
  for (const problem of [...problems, ...reading.problems]) onProblem(problem);
  const sources = new Map(labs.map((source) => [source.id, source]));
  const drawn = new Map<string, Lab>();
  return {
    title: course.title,
    labIds: labs.map(({ id }) => id),
    concepts: reading.concepts,
    lab(labId, seed) {
      const source = sources.get(labId);
      if (!source && labId !== EXAM_ID) return undefined;
      const key = `${labId}/${seed}`;
      const known = drawn.get(key);
      if (known) return known;
      if (drawn.size >= DRAWN_MAX) drawn.clear();
      const lab = source ? drawLab(source, seed) : drawExam(labs, seed).lab;
      drawn.set(key, lab);
      return lab;
    },
  };
}

/** Clients of the cell's clusters, by the lab's names for them; nothing is opened before the first call. */
export function connectCell(cell: Cell, lab: Lab): Readonly<Record<string, Client>> {
  return Object.fromEntries(
    lab.clusters.map((cluster) => [
      cluster.id,
      connectCluster({
        clientId: 'brokerlab-grader',
        requestTimeoutMs: LOOK_TIMEOUT_MS,
        apiTimeoutMs: LOOK_TIMEOUT_MS,
        connectTimeoutMs: 1_000,
        retryBackoffMs: 20,
        ...connectionOf(cell, lab, cluster),
      }),
    ]),
  );
}

/** How a client outside the cell reaches one of its clusters. */
export function connectionOf(cell: Cell, lab: Lab, cluster: LabCluster): Connection {
  const name = cluster.id === lab.clusters[0]?.id ? undefined : cluster.id;
  let turn = 0;
  return {
    dial: (target) => {
      if (target !== 'bootstrap') return cell.dialBroker(target, name);
      turn = (turn % cluster.brokers) + 1;
      return cell.dialBroker(turn, name);
    },
  };
}
