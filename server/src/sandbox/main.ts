export { createBwrapDriver, type DriverOptions } from './bwrap.ts';
export { createProcessDriver, type ProcessDriverOptions } from './process.ts';
export * from './sandbox.ts';
