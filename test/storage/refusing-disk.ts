/** A disk that refuses one operation, or all from one on, as a full or failing one does; a refused write leaves half of it. */
import { type Disk, DiskError, type DiskErrorCode } from '../../broker/src/storage/disk.ts';

export interface Refusal {
  /** Of the operations counted so far, the number of the first one that is refused. */
  readonly at: number;
  readonly code: DiskErrorCode;
  /** Default 1. */
  readonly count?: number;
}

/** Operations that need a working medium, by what they are refused with. */
const refusable: Readonly<Record<'full' | 'io', ReadonlySet<keyof Disk>>> = {
  full: new Set(['write', 'replace', 'makeDirectory']),
  io: new Set(['write', 'replace', 'truncate', 'flush', 'rename', 'remove', 'read', 'makeDirectory']),
};

export class RefusingDisk {
  /** What storage uses. */
  readonly disk: Disk;
  refusal: Refusal | null = null;
  /** Operations that could have been refused with the code that `counts` names. */
  operations = 0;
  refused = '';
  #isOn = true;

  constructor(inner: Disk, counts: 'full' | 'io') {
    this.disk = new Proxy(inner, {
      get: (target, name: keyof Disk) => {
        const method = target[name] as unknown;
        if (typeof method !== 'function') return method;
        if (!refusable[counts].has(name)) return method.bind(target);
        return (path: string, ...rest: unknown[]) => {
          if (this.#refuses()) {
            this.refused = `${name} ${path}`;
            if (name === 'write') target.write(path, rest[0] as number, halfOf(rest[1] as Uint8Array));
            throw new DiskError(this.refusal!.code, { operation: name, path });
          }
          return method.call(target, path, ...rest) as unknown;
        };
      },
    });
  }

  /** Neither counted nor refused. */
  undisturbed<T>(action: () => T): T {
    this.#isOn = false;
    try {
      return action();
    } finally {
      this.#isOn = true;
    }
  }

  #refuses(): boolean {
    if (!this.#isOn) return false;
    const index = this.operations++;
    if (this.refusal === null) return false;
    const { at, count = 1 } = this.refusal;
    return index >= at && index < at + count;
  }
}

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1);
}
