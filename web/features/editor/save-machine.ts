/**
 * How one file's text gets to the box. Pure. Legal transitions:
 *
 *   saved    —edited→ dirty                 (schedule: a pause in typing makes it due)
 *   dirty    —due→ saving                   (save)
 *   saving   —stored→ saved                 or, typed meanwhile, dirty (schedule)
 *   saving   —changedElsewhere→ conflict    the box holds a version this text was not based on
 *   saving   —refused→ failed               not connected, disk full …; text stays here
 *   failed   —retry, edited→ saving, dirty  (save, schedule)
 *   conflict —keepMine→ saving              based on their version now: overwrites it knowingly (save)
 *   any      —loaded→ saved                 the box's text was taken
 */
export type SaveState =
  | { readonly kind: 'saved'; readonly base: string }
  | { readonly kind: 'dirty'; readonly base: string }
  | { readonly kind: 'saving'; readonly base: string; readonly editedSince: boolean }
  | { readonly kind: 'conflict'; readonly base: string; readonly theirs: string }
  | { readonly kind: 'failed'; readonly base: string; readonly offline: boolean };

export type SaveEvent =
  | { readonly type: 'edited' }
  | { readonly type: 'due' }
  | { readonly type: 'stored'; readonly version: string }
  | { readonly type: 'changedElsewhere'; readonly version: string }
  | { readonly type: 'refused'; readonly offline: boolean }
  | { readonly type: 'retry' }
  | { readonly type: 'keepMine' }
  | { readonly type: 'loaded'; readonly version: string };

export interface SaveStep {
  readonly state: SaveState;
  /** schedule: send `due` after a pause in typing; save: write the text on top of `state.base`. */
  readonly effect: 'none' | 'schedule' | 'save';
}

export function stepSave(state: SaveState, event: SaveEvent): SaveStep {
  switch (event.type) {
    case 'edited':
      return edited(state);
    case 'due':
      return state.kind === 'dirty' ? save(state.base) : stay(state);
    case 'retry':
      return state.kind === 'failed' || state.kind === 'dirty' ? save(state.base) : stay(state);
    case 'keepMine':
      return state.kind === 'conflict' ? save(state.theirs) : stay(state);
    case 'loaded':
      return { state: { kind: 'saved', base: event.version }, effect: 'none' };
    case 'stored':
      return stored(state, event.version);
    case 'changedElsewhere':
      return state.kind === 'saving'
        ? { state: { kind: 'conflict', base: state.base, theirs: event.version }, effect: 'none' }
        : stay(state);
    case 'refused':
      return state.kind === 'saving'
        ? { state: { kind: 'failed', base: state.base, offline: event.offline }, effect: 'none' }
        : stay(state);
  }
}

function edited(state: SaveState): SaveStep {
  switch (state.kind) {
    case 'saved':
    case 'dirty':
    case 'failed':
      return { state: { kind: 'dirty', base: state.base }, effect: 'schedule' };
    case 'saving':
      return { state: { ...state, editedSince: true }, effect: 'none' };
    case 'conflict':
      return stay(state);
  }
}

function stored(state: SaveState, version: string): SaveStep {
  if (state.kind !== 'saving') return stay(state);
  return state.editedSince
    ? { state: { kind: 'dirty', base: version }, effect: 'schedule' }
    : { state: { kind: 'saved', base: version }, effect: 'none' };
}

function save(base: string): SaveStep {
  return { state: { kind: 'saving', base, editedSince: false }, effect: 'save' };
}

function stay(state: SaveState): SaveStep {
  return { state, effect: 'none' };
}
