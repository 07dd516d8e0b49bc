/**
 * The system calls that commands do not have, as a seccomp program. Namespaces hold what they can; these reach past them or open kernel code that nothing here
 * needs: kernel keyrings, other name spaces and mounts, BPF, io_uring, tracing, sockets of families that no namespace holds (a virtual machine's way to its
 * host, `AF_VSOCK`), memory that no limit counts (`memfd_create`, System V), and typing into a terminal.
 */
interface Architecture {
  audit: number;
  denied: Record<string, number>;
  socket: number;
  clone: number;
  clone3: number;
  ioctl: number;
  /** The x32 calls of x86-64: the same numbers with this bit. */
  foreignBit?: number;
}

const COMMON = {
  pidfd_getfd: 438,
  move_mount: 429,
  open_tree: 428,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  mount_setattr: 442,
  memfd_secret: 447,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
};

// prettier-ignore
const X64: Architecture = {
  audit: 0xc000003e,
  denied: {
    ...COMMON, ptrace: 101, process_vm_readv: 310, process_vm_writev: 311, kcmp: 312, keyctl: 250, add_key: 248, request_key: 249, bpf: 321,
    perf_event_open: 298, userfaultfd: 323, unshare: 272, setns: 308, mount: 165, umount2: 166, pivot_root: 155, chroot: 161, kexec_load: 246,
    kexec_file_load: 320, init_module: 175, finit_module: 313, delete_module: 176, reboot: 169, swapon: 167, swapoff: 168, syslog: 103, acct: 163,
    quotactl: 179, settimeofday: 164, clock_settime: 227, adjtimex: 159, clock_adjtime: 305, iopl: 172, ioperm: 173, name_to_handle_at: 303,
    open_by_handle_at: 304, fanotify_init: 300, memfd_create: 319, shmget: 29, msgget: 68, semget: 64,
  },
  socket: 41, clone: 56, clone3: 435, ioctl: 16, foreignBit: 0x40000000,
};

// prettier-ignore
const ARM64: Architecture = {
  audit: 0xc00000b7,
  denied: {
    ...COMMON, ptrace: 117, process_vm_readv: 270, process_vm_writev: 271, kcmp: 272, keyctl: 219, add_key: 217, request_key: 218, bpf: 280,
    perf_event_open: 241, userfaultfd: 282, unshare: 97, setns: 268, mount: 40, umount2: 39, pivot_root: 41, chroot: 51, kexec_load: 104,
    kexec_file_load: 294, init_module: 105, finit_module: 273, delete_module: 106, reboot: 142, swapon: 224, swapoff: 225, syslog: 116, acct: 89,
    quotactl: 60, settimeofday: 170, clock_settime: 112, adjtimex: 171, clock_adjtime: 266, name_to_handle_at: 264, open_by_handle_at: 265,
    fanotify_init: 262, memfd_create: 279, shmget: 194, msgget: 186, semget: 190,
  },
  socket: 198, clone: 220, clone3: 435, ioctl: 29,
};

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_BITS = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97];
/** Offsets in `struct seccomp_data`, of the lower half of an argument on a little-endian machine. */
const [AT_NUMBER, AT_ARCH] = [0, 4];
const argument = (index: number): number => 16 + 8 * index;
/** Each of the CLONE_NEW… flags. */
const NEW_NAMESPACE = 0x7e020080;
const FAMILIES = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
const TERMINAL_INPUT = { TIOCSTI: 0x5412, TIOCLINUX: 0x541c };

type Step = [code: number, yes: number, no: number, value: number];

/** The program for this machine, as the kernel reads it; null for an architecture whose calls are not known here. */
export function seccompProgram(arch: string = process.arch): Buffer | null {
  const machine = arch === "x64" ? X64 : arch === "arm64" ? ARM64 : null;
  if (machine === null) return null;
  const steps: Step[] = [
    [LOAD, 0, 0, AT_ARCH],
    [JUMP_EQUAL, 1, 0, machine.audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, AT_NUMBER],
  ];
  if (machine.foreignBit !== undefined) steps.push([JUMP_AT_LEAST, 0, 1, machine.foreignBit], [RETURN, 0, 0, errno(ENOSYS)]);
  const denied = (name: string): number => (/^(memfd_|io_uring_|shmget|msgget|semget)/.test(name) ? ENOSYS : EPERM);
  for (const [name, number] of Object.entries(machine.denied)) steps.push([JUMP_EQUAL, 0, 1, number], [RETURN, 0, 0, errno(denied(name))]);
  // Its flags are behind a pointer, where a filter cannot look; libraries fall back to `clone`.
  steps.push([JUMP_EQUAL, 0, 1, machine.clone3], [RETURN, 0, 0, errno(ENOSYS)]);
  when(
    steps,
    machine.clone,
    0,
    [
      [JUMP_BITS, 0, 1, NEW_NAMESPACE],
      [RETURN, 0, 0, errno(EPERM)],
    ],
    ALLOW,
  );
  const families = Object.values(FAMILIES);
  when(
    steps,
    machine.socket,
    0,
    families.map((family, at): Step => [JUMP_EQUAL, families.length - at, 0, family]),
    errno(EAFNOSUPPORT),
    true,
  );
  const inputs = Object.values(TERMINAL_INPUT);
  when(
    steps,
    machine.ioctl,
    1,
    inputs.flatMap((request): Step[] => [
      [JUMP_EQUAL, 0, 1, request],
      [RETURN, 0, 0, errno(EPERM)],
    ]),
    ALLOW,
  );
  steps.push([RETURN, 0, 0, ALLOW]);
  return Buffer.concat(steps.map(encode));
}

/** For one call: load an argument, look at it, else give `otherwise`. With `jumpsOut`, a look that says yes jumps past it to an ALLOW. */
function when(steps: Step[], call: number, index: number, looks: Step[], otherwise: number, jumpsOut = false): void {
  const body: Step[] = [[LOAD, 0, 0, argument(index)], ...looks, [RETURN, 0, 0, otherwise]];
  if (jumpsOut) body.push([RETURN, 0, 0, ALLOW]);
  steps.push([JUMP_EQUAL, 0, body.length, call], ...body);
}

function encode([code, yes, no, value]: Step): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
