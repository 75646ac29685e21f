/** MirrorMaker 2: flows between clusters, as a properties file asks for them. */
export type { LogLevel } from './flow/context.ts';
export type { FlowStatus } from './flow/flow.ts';
export { readOffsetValue, readSourceOffsetKey } from './formats/connect-offsets.ts';
export {
  type Checkpoint,
  type OffsetSyncRecord,
  readCheckpoint,
  readHeartbeat,
  readOffsetSync,
} from './formats/internal-records.ts';
export { MirrorMaker, type MirrorMakerOptions } from './mirror-maker.ts';
export { internalNames } from './names/connect-names.ts';
export { readSettings, type SettingsAnswer } from './settings/read-settings.ts';
export type { FlowSettings, MirrorSettings, Problem } from './settings/settings.ts';
export {
  type FlowProgress,
  flowProgress,
  progressFromClusters,
  statusFromClusters,
  statusText,
} from './status.ts';
