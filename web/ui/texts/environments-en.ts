/** Words of "my environments", in English. */

import type { environmentsKo } from './environments-ko.ts';
import type { SameShape } from './ko.ts';

export const environmentsEn: SameShape<typeof environmentsKo> = {
  title: 'My environments',
  intro: 'Each lab has its own terminals, files and Kafka cluster. Stopping one keeps its files and data.',
  runningOf: '{{count}} of {{max}} environments running',
  empty: 'You have not started a lab yet',
  emptyHint: 'Open a lab, and its environment appears here.',
  toLabs: 'To the labs',
  failed: 'Your environments could not be read',
  colState: 'State',
  colLab: 'Lab',
  colClass: 'Class',
  colCpu: 'CPU',
  colMemory: 'Memory',
  colDisk: 'Disk',
  colActions: 'Actions',
  state: {
    asleep: 'Stopped',
    starting: 'Starting',
    ready: 'Running',
    stopping: 'Stopping',
    failed: 'Failed',
  },
  running: 'Running · {{time}}',
  cores: '{{used}} / {{max}} cores',
  ofMax: '{{used}} / {{max}}',
  noClass: 'No class',
  open: 'Open',
  start: 'Start',
  stop: 'Stop',
  more: 'What else can be done with {{lab}}',
  forceRestart: 'Force restart',
  forceRestartConfirm:
    'Every program in the terminals ends, and the brokers start anew. Files and the topics’ data are kept.',
  forceRestartDo: 'Restart',
  rewind: 'Back to the start of step {{number}}',
  rewindTitle: 'Back to the start of step {{number}}',
  rewindConfirm:
    'Files and cluster become what they were when “{{step}}” began ({{ago}}). What was made since is gone, and steps are checked anew from there.',
  rewindDo: 'Go back',
  rewound: 'You are back at the start of step {{number}}.',
  finished: 'Back to when every step had passed',
  kept: 'Back to before the instructor gave a state',
  keptAt: '{{ago}} · {{count}} steps done',
  keptConfirm:
    'Files, cluster and steps become what they were before the instructor gave you another state ({{ago}}). What was made since is gone.',
  noStarts: 'No step to go back to yet',
  remove: 'Delete',
  removeConfirm: 'Files, the cluster’s data and your progress in this lab are gone for good.',
  removeDo: 'Delete',
};
