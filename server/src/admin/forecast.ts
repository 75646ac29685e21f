/** For how many more environments there is room. Pure. */
import type { Forecast, Machine } from '../contract/main.ts';

export interface Taken {
  readonly environments: number;
  /** All of them together; memory of boxes only, the brokers' comes on top as a rule. */
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

const MEGABYTE = 1024 * 1024;
/** Brokers, agent and a shell at rest (`npm run bench -- idle`), and programs a trainee runs. */
const BROKERS_BYTES = 45 * MEGABYTE;
const PROGRAMS_BYTES = 60 * MEGABYTE;
/** A trainee who works; one at rest takes a hundredth of it. */
const PROCESSOR_EACH = 0.04;
const DISK_EACH = 60 * MEGABYTE;
/** Kept for the server, the page cache and the machine itself. */
const MEMORY_KEPT = 768 * MEGABYTE;
const DISK_KEPT = 1024 * MEGABYTE;
const PROCESSOR_SHARE = 0.85;

export function forecastOf(machine: Machine, taken: Taken): Forecast {
  const measured = taken.environments > 0;
  const mean = (sum: number) => (measured ? sum / taken.environments : 0);
  const memoryEach = BROKERS_BYTES + Math.max(PROGRAMS_BYTES, mean(taken.memoryBytes));
  const diskEach = Math.max(DISK_EACH, mean(taken.diskBytes));
  const processorEach = measured
    ? Math.max(PROCESSOR_EACH, machine.load / taken.environments / 2)
    : PROCESSOR_EACH;
  const rooms = {
    memory: (machine.memoryAvailableBytes - MEMORY_KEPT) / memoryEach,
    processor: (machine.cpus * PROCESSOR_SHARE - machine.load) / processorEach,
    disk: (machine.diskFreeBytes - DISK_KEPT) / diskEach,
  };
  const limitedBy = (Object.keys(rooms) as (keyof typeof rooms)[]).reduce((least, one) =>
    rooms[one] < rooms[least] ? one : least,
  );
  return {
    roomFor: Math.max(0, Math.floor(rooms[limitedBy])),
    limitedBy,
    memoryEach: Math.round(memoryEach),
    processorEach,
    diskEach: Math.round(diskEach),
    measured,
  };
}
