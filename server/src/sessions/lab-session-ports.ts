/** What one trainee's lab needs from the rest of the server. */
import type { Client } from '@brokerlab/broker/client';
import type { Lab } from '@brokerlab/grader';
import type { GraderPort } from '../grading/grader-port.ts';
import type { Cell } from '../sandbox/main.ts';
import type { EnvironmentPorts } from './environment.ts';
import type { LabEvent } from './lab-events.ts';
import type { LabSession } from './lab-session.ts';

export interface LabSessionPorts extends EnvironmentPorts {
  readonly grader: GraderPort;
  readonly connect: (cell: Cell, lab: Lab) => Readonly<Record<string, Client>>;
  readonly onVerdictLatency: (ms: number) => void;
  /** What happens in any lab, told as it happens; must not wait for anything. */
  readonly observe?: (session: LabSession, event: LabEvent) => void;
}
