import { describe, expect, it } from 'vitest';
import { type SaveEvent, type SaveState, stepSave } from '../../web/features/editor/save-machine.ts';

const start: SaveState = { kind: 'saved', base: 'v1' };

function run(events: readonly SaveEvent[], from: SaveState = start): string[] {
  let state = from;
  return events.map((event) => {
    const step = stepSave(state, event);
    state = step.state;
    const base = step.effect === 'save' ? ` on ${step.state.base}` : '';
    return `${state.kind}${step.effect === 'none' ? '' : ` → ${step.effect}${base}`}`;
  });
}

describe('a file being typed', () => {
  it('is saved after a pause, on top of the version it was read as', () => {
    expect(
      run([{ type: 'edited' }, { type: 'edited' }, { type: 'due' }, { type: 'stored', version: 'v2' }]),
    ).toEqual(['dirty → schedule', 'dirty → schedule', 'saving → save on v1', 'saved']);
  });

  it('typed into while it is being saved is saved again, on top of what was stored', () => {
    const events: SaveEvent[] = [
      { type: 'edited' },
      { type: 'due' },
      { type: 'edited' },
      { type: 'stored', version: 'v2' },
      { type: 'due' },
    ];
    expect(run(events).slice(2)).toEqual(['saving', 'dirty → schedule', 'saving → save on v2']);
  });

  it('changed elsewhere is a conflict, and nothing is written until the person decides', () => {
    const events: SaveEvent[] = [
      { type: 'edited' },
      { type: 'due' },
      { type: 'changedElsewhere', version: 'v9' },
      { type: 'edited' },
      { type: 'due' },
      { type: 'retry' },
      { type: 'keepMine' },
      { type: 'stored', version: 'v10' },
    ];
    expect(run(events).slice(2)).toEqual([
      'conflict',
      'conflict',
      'conflict',
      'conflict',
      'saving → save on v9',
      'saved',
    ]);
  });

  it('in conflict can be given up for the text of the box', () => {
    const conflict: SaveState = { kind: 'conflict', base: 'v1', theirs: 'v9' };
    expect(run([{ type: 'loaded', version: 'v9' }, { type: 'edited' }, { type: 'due' }], conflict)).toEqual([
      'saved',
      'dirty → schedule',
      'saving → save on v9',
    ]);
  });

  it('that could not be saved keeps its text and is tried again on request and on the next key', () => {
    const events: SaveEvent[] = [
      { type: 'edited' },
      { type: 'due' },
      { type: 'refused', offline: true },
      { type: 'retry' },
      { type: 'refused', offline: false },
      { type: 'edited' },
    ];
    expect(run(events).slice(2)).toEqual(['failed', 'saving → save on v1', 'failed', 'dirty → schedule']);
  });

  it('ignores answers to a save that is no longer under way', () => {
    expect(
      run([{ type: 'stored', version: 'v7' }, { type: 'refused', offline: true }, { type: 'due' }]),
    ).toEqual(['saved', 'saved', 'saved']);
  });
});
