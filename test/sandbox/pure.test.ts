/** Parts that need no sandbox: the system call filter, the sorting of processes, user ids, the frame's bounds. */
import { describe, expect, it } from 'vitest';
import { sortProcesses } from '../../server/src/cell/box-frame.ts';
import { createFrameReader, FRAME_BYTES_MAX, type Frame } from '../../server/src/cell/frame.ts';
import { type BoxProcess, parseProcess } from '../../server/src/cell/processes.ts';
import { seccompFilter } from '../../server/src/cell/seccomp.ts';
import { safeHostName } from '../../server/src/sandbox/driver.ts';
import { freeRange, overlaps } from '../../server/src/sandbox/owners.ts';

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [errno(1), errno(38), errno(97)];

/** What the kernel's interpreter would answer to a call. */
function judge(program: Buffer, call: { nr: number; arch: number; args?: readonly number[] }): number {
  const words = [call.nr, call.arch, 0, 0, ...(call.args ?? []).flatMap((argument) => [argument, 0])];
  let accumulator = 0;
  for (let at = 0; at * 8 < program.length; at++) {
    const code = program.readUInt16LE(at * 8);
    const operand = program.readUInt32LE(at * 8 + 4);
    const jump = (condition: boolean): void => {
      at += program.readUInt8(at * 8 + (condition ? 2 : 3));
    };
    if (code === 0x20) accumulator = (words[operand / 4] ?? 0) >>> 0;
    else if (code === 0x15) jump(accumulator === operand);
    else if (code === 0x35) jump(accumulator >= operand);
    else if (code === 0x45) jump((accumulator & operand) !== 0);
    else if (code === 0x06) return operand;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error('ran off the end');
}

describe.each([
  { machine: 'x64', arch: 0xc000003e, read: 0, ptrace: 101, clone: 56, clone3: 435, ioctl: 16, socket: 41 },
  {
    machine: 'arm64',
    arch: 0xc00000b7,
    read: 63,
    ptrace: 117,
    clone: 220,
    clone3: 435,
    ioctl: 29,
    socket: 198,
  },
])('the system call filter for $machine', ({ machine, arch, ...call }) => {
  const program = seccompFilter(machine)!;
  const SIGCHLD = 17;
  it.each([
    ['allows reading', call.read, [], ALLOW],
    ['refuses tracing', call.ptrace, [], EPERM],
    ['allows a child process', call.clone, [SIGCHLD], ALLOW],
    ['refuses a user namespace', call.clone, [0x10000000 | SIGCHLD], EPERM],
    ['refuses a network namespace', call.clone, [0x40000000 | SIGCHLD], EPERM],
    ['makes the C library fall back to clone', call.clone3, [], ENOSYS],
    ['makes Node do without io_uring', 425, [], ENOSYS],
    ['allows asking for the window size', call.ioctl, [0, 0x5413], ALLOW],
    ['refuses to type into a terminal', call.ioctl, [0, 0x5412], EPERM],
    ['allows TCP', call.socket, [2, 1], ALLOW],
    ['refuses raw packets', call.socket, [17, 3], EAFNOSUPPORT],
    ['refuses virtual machine sockets', call.socket, [40, 1], EAFNOSUPPORT],
  ] as const)('%s', (_, nr, args, verdict) => {
    expect(judge(program, { nr, arch, args })).toBe(verdict);
  });

  it('ends a process that calls in another mode', () => {
    expect(judge(program, { nr: call.read, arch: 0x40000003 })).toBe(KILL);
  });
});

describe('the x32 mode of x64', () => {
  it('does not exist in the box', () => {
    expect(judge(seccompFilter('x64')!, { nr: 0x40000000 + 101, arch: 0xc000003e })).toBe(ENOSYS);
  });
});

describe('processes', () => {
  const at = (pid: number, parent: number, startedTicks: number): BoxProcess => ({
    ...{ pid, parent, startedTicks },
    ...{ name: `p${pid}`, threads: 1, cpuMs: 0, memoryBytes: 0 },
  });
  it('are sorted by descent, though numbers were used again and orphans became the init’s', () => {
    const [outer, init, agent, shell, program, orphan] = [
      at(900, 2, 10),
      at(901, 900, 11),
      at(20, 901, 12),
      at(15, 20, 30),
      at(16, 15, 40),
      at(3, 901, 50),
    ];
    const all = [orphan, program, shell, agent, init, outer] as BoxProcess[];
    expect(sortProcesses(all, 2)).toEqual({
      frame: [outer, init, agent],
      shells: [shell],
      programs: [orphan, program],
    });
  });

  it('are read whatever they call themselves', () => {
    const stat = `42 (a) R 1 (x) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 0 0 20 5 11 0 8800 100 50`;
    const status = 'Name:\ta\nRssAnon:\t    2048 kB\nRssFile:\t 9999 kB\nRssShmem:\t    1024 kB\n';
    expect(parseProcess(42, stat, status)).toEqual({
      ...{ pid: 42, name: 'a) R 1 (x', parent: 7, threads: 11, startedTicks: 8800 },
      ...{ cpuMs: 2000, memoryBytes: 3 * 1024 * 1024 },
    });
  });
});

describe('frames', () => {
  const frame = (payload: Buffer): Buffer => {
    const header = Buffer.alloc(9);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt8(7, 4);
    header.writeUInt32LE(3, 5);
    return Buffer.concat([header, payload]);
  };
  it('are read whole, wherever the stream is cut', () => {
    const stream = Buffer.concat([
      frame(Buffer.from('one')),
      frame(Buffer.alloc(0)),
      frame(Buffer.from('three')),
    ]);
    for (let cut = 1; cut < stream.length; cut++) {
      const frames: Frame[] = [];
      const reader = createFrameReader((read) =>
        frames.push({ ...read, payload: Buffer.from(read.payload) }),
      );
      expect(reader.push(stream.subarray(0, cut)) && reader.push(stream.subarray(cut))).toBe(true);
      expect(frames.map(({ payload }) => payload.toString())).toEqual(['one', '', 'three']);
    }
  });

  it('over the limit end the channel before anything is kept of them', () => {
    const header = Buffer.alloc(9);
    header.writeUInt32LE(FRAME_BYTES_MAX + 1, 0);
    expect(createFrameReader(() => undefined).push(header)).toBe(false);
  });
});

describe('names and numbers', () => {
  it('of hosts are made safe', () => {
    expect(safeHostName('Trainee.07')).toBe('trainee-07');
    expect(safeHostName('김철수')).toBe('lab');
  });

  it('of users are taken from a range that nobody has', () => {
    expect(overlaps({ first: 0, count: 1 })).toContain('/etc/passwd: root has 0');
    const range = freeRange({ first: 200_000, count: 10_000 })!;
    expect(overlaps(range)).toEqual([]);
  });
});
