import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Limits } from "../../src/sandbox/linux/contract.ts";
import { bubblewrapArguments, SHARED_MEMORY } from "./bubblewrap-arguments.ts";
import type { Cgroups } from "./cgroup.ts";
import { processTree } from "./process-tree.ts";
import { seccompProgram } from "./seccomp.ts";
import { type Inside, isDuplex, type Wall } from "./wall.ts";

const AGENT = join(dirname(fileURLToPath(import.meta.url)), "..", "agent");
const PYTHON = "/usr/bin/python3";
const AGENT_COMMAND = [PYTHON, "-E", "-s", "-S", "-B", "/run/agent/main.py"];
const MIB = 1024 * 1024;
/** How long the inside may take to end before bubblewrap is ended from outside, which ends the inside too. */
const END_MS = 3_000;
/** Users of this machine that nobody is, one a session: limits and signals of one do not count for another. */
const FIRST_UID = 730_000;
const UIDS = 20_000;

const SKELETON = {
  passwd:
    "root:x:0:0:root:/:/usr/sbin/nologin\nuser:x:1000:1000:user:/home/user:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
  group: "root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n",
  hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  hostname: "sandbox\n",
};

/**
 * Each session is a bubblewrap: its own processes, network (none), file system and users. Its root is read-only: /usr, a little of /etc; the work folder, /tmp,
 * the home folder and /dev/shm are memory of limited size. Throws where bubblewrap cannot do that, and does nothing else instead.
 */
export async function bubblewrapWall(cgroups: Cgroups | null): Promise<Wall> {
  const filter = seccompProgram();
  if (filter === null) throw new Error(`The sandbox does not know the system calls of ${process.arch}.`);
  for (const program of ["/usr/bin/bwrap", PYTHON])
    if (!existsSync(program)) throw new Error(`${program} is not there: install bubblewrap and python3.`);
  const home = skeleton();
  let next = 0;
  const wall: Wall = {
    isolation: "bubblewrap",
    start: (id, limits) => {
      next = (next + 1) % UIDS;
      return start({ home, filter, cgroups, uid: process.getuid?.() === 0 ? FIRST_UID + next : null }, id, limits);
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
  return wall;
}

/** Files that every session sees, in a folder that its user may read. What a server that was killed left goes first. */
function skeleton(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^margay-sandbox-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const home = mkdtempSync(join(tmpdir(), `margay-sandbox-${process.pid}-`));
  chmodSync(home, 0o755);
  for (const folder of ["etc", "agent", "egress"]) mkdirSync(join(home, folder), { mode: 0o755 });
  for (const [name, content] of Object.entries(SKELETON)) writeFileSync(join(home, "etc", name), content, { mode: 0o644 });
  for (const name of readdirSync(AGENT).filter((file) => file.endsWith(".py")))
    writeFileSync(join(home, "agent", name), readFileSync(join(AGENT, name)), { mode: 0o644 });
  return home;
}

interface Place {
  home: string;
  filter: Buffer;
  cgroups: Cgroups | null;
  uid: number | null;
}

async function start({ home, filter, cgroups, uid }: Place, id: string, limits: Limits): Promise<Inside> {
  // Its name can be seen inside, in the list of mounts: nothing else goes by it.
  const egress = mkdtempSync(join(home, "egress", "way-"));
  if (uid !== null) chownSync(egress, uid, uid);
  const group =
    cgroups?.create(`margay-${id}`, {
      // Files of the session are memory too: what holds the processes to theirs is the watcher, and this is the wall behind it.
      memoryBytes: limits.memoryBytes + limits.diskBytes + 2 * limits.scratchBytes + SHARED_MEMORY + 128 * MIB,
      processes: limits.processes + 32,
    }) ?? null;
  const drop = uid === null ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--"];
  // Waits at the gate until it is in its group, so that all it ever starts is. What is read there after the first line are bubblewrap's arguments, which the
  // first process inside would show if they were its own.
  const child = spawn(
    "/bin/sh",
    ["-c", 'read -r _ <&3; exec "$@"', "sh", ...drop, "/usr/bin/bwrap", "--args", "3", "--", ...AGENT_COMMAND],
    {
      stdio: ["pipe", "pipe", "ignore", "pipe", "pipe"],
      env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
      cwd: "/",
    },
  );
  const discard = () => {
    group?.remove();
    rmSync(egress, { recursive: true, force: true });
  };
  const [gate, program] = [child.stdio[3], child.stdio[4]];
  if (!hasPid(child) || child.stdout === null || child.stdin === null || !isDuplex(gate) || !isDuplex(program)) {
    discard();
    throw new Error("The sandbox could not be started.");
  }
  for (const stream of [gate, program]) stream.on("error", () => {});
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    group?.add(child.pid);
  } catch {
    child.kill("SIGKILL");
    await gone;
    discard();
    throw new Error("The sandbox could not be put into its group.");
  }
  program.end(filter);
  gate.end(["go\n", ...bubblewrapArguments(home, egress, limits).map((word) => `${word}\0`)].join(""));
  return {
    process: child,
    source: child.stdout,
    sink: child.stdin,
    folders: () => {
      const agent = processTree(child.pid).at(2);
      return agent === undefined ? [] : ["work", "tmp", "home/user", "dev/shm"].map((folder) => `/proc/${agent}/root/${folder}`);
    },
    memoryKills: () => group?.memoryKills() ?? 0,
    egress: { listen: { path: join(egress, "way") }, relay: (port) => ({ port, socket: "/run/egress/way" }) },
    // The first process of the session's own name space dies only when the kernel has ended every other one in it, and bubblewrap outside after that.
    end: async () => {
      const first = processTree(child.pid).at(1);
      if (first === undefined || !kill(first)) child.kill("SIGKILL");
      const impatient = setTimeout(() => child.kill("SIGKILL"), END_MS);
      await gone;
      clearTimeout(impatient);
      discard();
    },
  };
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

const hasPid = (child: ChildProcess): child is ChildProcess & { pid: number } => child.pid !== undefined;
