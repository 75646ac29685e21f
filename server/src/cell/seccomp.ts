/**
 * The box's system call filter, as the classic BPF program that the kernel takes (seccomp(2)). Everything a
 * developer's programs need is allowed; refused are calls that reach other processes' memory, make or enter
 * namespaces, mount, load code into the kernel, or type into another's terminal, and socket families other
 * than Unix, IP and netlink. What is refused gets the error that programs know how to live with.
 */

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

interface Architecture {
  /** AUDIT_ARCH_*: a call made in another mode (32 bit, x32) is not judged by these numbers, so it is refused. */
  readonly audit: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Refused with ENOSYS, so that the caller falls back to the older way. */
  readonly missing: Readonly<Record<string, number>>;
  readonly clone: number;
  readonly ioctl: number;
  readonly socket: number;
  readonly prctl: number;
}

// Calls that have the same number on every architecture.
const refusedEverywhere = {
  pidfd_getfd: 438,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  mount_setattr: 442,
  quotactl_fd: 443,
  memfd_secret: 447,
  process_madvise: 440,
  open_tree_attr: 467,
};
const missingEverywhere = { io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427, clone3: 435 };

const architectures: Readonly<Record<'x64' | 'arm64', Architecture>> = {
  x64: {
    audit: 0xc000003e,
    refused: {
      ...refusedEverywhere,
      ptrace: 101,
      process_vm_readv: 310,
      process_vm_writev: 311,
      kcmp: 312,
      unshare: 272,
      setns: 308,
      mount: 165,
      umount2: 166,
      pivot_root: 155,
      chroot: 161,
      bpf: 321,
      perf_event_open: 298,
      userfaultfd: 323,
      keyctl: 250,
      add_key: 248,
      request_key: 249,
      kexec_load: 246,
      kexec_file_load: 320,
      init_module: 175,
      finit_module: 313,
      delete_module: 176,
      reboot: 169,
      swapon: 167,
      swapoff: 168,
      settimeofday: 164,
      clock_settime: 227,
      adjtimex: 159,
      clock_adjtime: 305,
      acct: 163,
      quotactl: 179,
      open_by_handle_at: 304,
      name_to_handle_at: 303,
      syslog: 103,
      lookup_dcookie: 212,
      iopl: 172,
      ioperm: 173,
      modify_ldt: 154,
      uselib: 134,
      vhangup: 153,
      fanotify_init: 300,
      migrate_pages: 256,
      move_pages: 279,
      nfsservctl: 180,
      sethostname: 170,
      setdomainname: 171,
    },
    missing: missingEverywhere,
    clone: 56,
    ioctl: 16,
    socket: 41,
    prctl: 157,
  },
  arm64: {
    audit: 0xc00000b7,
    refused: {
      ...refusedEverywhere,
      ptrace: 117,
      process_vm_readv: 270,
      process_vm_writev: 271,
      kcmp: 272,
      unshare: 97,
      setns: 268,
      mount: 40,
      umount2: 39,
      pivot_root: 41,
      chroot: 51,
      bpf: 280,
      perf_event_open: 241,
      userfaultfd: 282,
      keyctl: 219,
      add_key: 217,
      request_key: 218,
      kexec_load: 104,
      kexec_file_load: 294,
      init_module: 105,
      finit_module: 273,
      delete_module: 106,
      reboot: 142,
      swapon: 224,
      swapoff: 225,
      settimeofday: 170,
      clock_settime: 112,
      adjtimex: 171,
      clock_adjtime: 266,
      acct: 89,
      quotactl: 60,
      open_by_handle_at: 265,
      name_to_handle_at: 264,
      syslog: 116,
      lookup_dcookie: 18,
      vhangup: 58,
      fanotify_init: 262,
      migrate_pages: 238,
      move_pages: 239,
      nfsservctl: 42,
      sethostname: 161,
      setdomainname: 162,
    },
    missing: missingEverywhere,
    clone: 220,
    ioctl: 29,
    socket: 198,
    prctl: 167,
  },
};

// struct seccomp_data: nr u32 at 0, arch u32 at 4, instruction pointer u64 at 8, args u64[6] from 16.
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const FIRST_ARGUMENT_OFFSET = 16;
const SECOND_ARGUMENT_OFFSET = 24;

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_NOT_LESS = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const refuse = (errorNumber: number): number => 0x00050000 | errorNumber;

const X32_CALLS_FROM = 0x40000000;
/** CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACE_FLAGS = 0x7e020080;
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
const TIOCSETD = 0x5423;
const SOCKET_FAMILIES = [1 /* UNIX */, 2 /* INET */, 10 /* INET6 */, 16 /* NETLINK */];
const PR_SET_PTRACER = 0x59616d61;

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, operand: number];

/** Undefined where there is no table for the machine; the box then runs without a filter (the probe says so). */
export function seccompFilter(machine: string): Buffer | undefined {
  if (machine !== 'x64' && machine !== 'arm64') return undefined;
  return assemble(filterOf(architectures[machine], machine === 'x64'));
}

function filterOf(architecture: Architecture, hasX32: boolean): Instruction[] {
  const { clone, ioctl, socket, prctl } = architecture;
  return [
    [LOAD, 0, 0, ARCHITECTURE_OFFSET],
    [JUMP_EQUAL, 1, 0, architecture.audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER_OFFSET],
    ...(hasX32 ? guard([JUMP_NOT_LESS, 0, 0, X32_CALLS_FROM], ENOSYS) : []),
    ...Object.values(architecture.refused).flatMap((number) => guard([JUMP_EQUAL, 0, 0, number], EPERM)),
    ...Object.values(architecture.missing).flatMap((number) => guard([JUMP_EQUAL, 0, 0, number], ENOSYS)),
    ...onCall(clone, [
      // CLONE_NEWTIME (0x80) overlaps the exit signal's byte, which never has that bit: signals end at 64.
      [LOAD, 0, 0, FIRST_ARGUMENT_OFFSET],
      ...guard([JUMP_ANY_BIT, 0, 0, NEW_NAMESPACE_FLAGS], EPERM),
      [RETURN, 0, 0, ALLOW],
    ]),
    ...onCall(ioctl, [
      [LOAD, 0, 0, SECOND_ARGUMENT_OFFSET],
      ...[TIOCSTI, TIOCLINUX, TIOCSETD].flatMap((request) => guard([JUMP_EQUAL, 0, 0, request], EPERM)),
      [RETURN, 0, 0, ALLOW],
    ]),
    ...onCall(prctl, [
      [LOAD, 0, 0, FIRST_ARGUMENT_OFFSET],
      ...guard([JUMP_EQUAL, 0, 0, PR_SET_PTRACER], EPERM),
      [RETURN, 0, 0, ALLOW],
    ]),
    ...onCall(socket, [
      [LOAD, 0, 0, FIRST_ARGUMENT_OFFSET],
      ...SOCKET_FAMILIES.flatMap((family): Instruction[] => [
        [JUMP_EQUAL, 0, 1, family],
        [RETURN, 0, 0, ALLOW],
      ]),
      [RETURN, 0, 0, refuse(EAFNOSUPPORT)],
    ]),
    [RETURN, 0, 0, ALLOW],
  ];
}

/** Refuses when the test holds; else goes on behind. */
function guard([code, , , operand]: Instruction, errorNumber: number): Instruction[] {
  return [
    [code, 0, 1, operand],
    [RETURN, 0, 0, refuse(errorNumber)],
  ];
}

/** The body, which must always return, only for one call. */
function onCall(number: number, body: readonly Instruction[]): Instruction[] {
  return [[JUMP_EQUAL, 0, body.length, number], ...body];
}

function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, jumpTrue, jumpFalse, operand]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jumpTrue, index * 8 + 2);
    bytes.writeUInt8(jumpFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  }
  return bytes;
}
