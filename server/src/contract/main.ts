/** The contract between server and page: everything either says to the other, and nothing else. */
export * from './accounts.ts';
export * from './admin.ts';
export * from './audit.ts';
export * from './class-report.ts';
export * from './classes.ts';
export * from './console.ts';
export * from './environment.ts';
export * from './environments.ts';
export * from './errors.ts';
export * from './files.ts';
export * from './grades.ts';
export * from './labs.ts';
export * from './live-class.ts';
export * from './map.ts';
export * from './protocol.ts';
export * from './routes.ts';
export * from './text.ts';
