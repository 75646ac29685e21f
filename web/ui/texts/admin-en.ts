/** Words of the administrator's page, in English. */
import type { adminKo } from './admin-ko.ts';
import type { SameShape } from './ko.ts';

export const adminEn: SameShape<typeof adminKo> = {
  title: 'Server',
  capacity: 'Capacity',
  room: 'Room for {{count}} more',
  limitedBy: 'The first to run out is {{what}}.',
  limits: { memory: 'memory', processor: 'the processor', disk: 'disk space' },
  measured: 'Those that run take about {{memory}} of memory, {{processor}} cores and {{disk}} of disk each.',
  assumed: 'None runs: reckoned with {{memory}} of memory, {{processor}} cores and {{disk}} of disk each.',
  running: 'Environments running',
  memory: 'Memory',
  load: 'Load (1 min)',
  loadValue: '{{load}} / {{cpus}} cores',
  disk: 'Disk',
  uptime: 'Up for',
  version: 'Version',
  backup: 'A backup can be made while the server runs:',
  environments: 'Environments running',
  none: 'No environment is running',
  who: 'User',
  viewers: 'Windows',
  stopConfirm:
    'This stops the environment of {{name}}. Files and the cluster’s data are kept; programs in the terminals end.',
  quotas: 'Quotas',
  quotasHint: 'They hold from an environment’s next start. Dimmed values are defaults.',
  everybody: 'Everybody (default)',
  quota: {
    memoryMegabytes: 'Memory of an environment (MB)',
    cpus: 'Processor of an environment (cores)',
    diskMegabytes: 'Disk of an environment (MB)',
    environments: 'Environments at once',
  },
  quotaNew: 'Set a person’s quota',
  quotaEdit: 'Change',
  quotaEditOf: 'Change the quota of {{name}}',
  quotaName: 'Account (empty: everybody)',
  quotaDefault: 'Default',
  quotaSave: 'Save',
  quotaSaved: 'The quota was saved.',
  log: 'Audit log',
};
