/** A small client of the Kafka protocol: the calls that tools, grader and console need. */
export type { Client } from './client.ts';
export type * from './types.ts';
