export * from './framing.ts';
export * from './message.ts';
export * from './reader.ts';
export * from './schema.ts';
export * from './wire-error.ts';
export * from './writer.ts';
