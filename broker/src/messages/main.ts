export * from './compression.ts';
export * from './errors.ts';
export * from './inspect-frame.ts';
export * from './records.ts';
export * from './registry.ts';
