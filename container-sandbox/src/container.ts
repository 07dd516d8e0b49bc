import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Limits } from "../../src/sandbox/linux/contract.ts";
import type { Cgroups } from "./cgroup.ts";
import type { Inside, Wall } from "./wall.ts";

const AGENT = join(dirname(fileURLToPath(import.meta.url)), "..", "agent", "main.py");
/** The only folders of the container that a session may write; they are emptied for the next. */
const WRITABLE = ["/work", "/tmp", "/home/user"];
/** Users that nobody is, one a session: what a former one left cannot be a later one's. */
const FIRST_UID = 100_000;
/** The image makes it. Without it this is somebody's machine, whose folders are not ours to empty. */
const MARK = "/etc/margay-sandbox-image";
const END_MS = 10_000;

/**
 * Inside a container that is one task's alone, and is the wall: a session is a user of its own without any right, with limits of each process. Holds one session
 * at a time. What the network is, is the container's to say; commands find the way to package hosts in their environment.
 */
export async function containerWall(cgroups: Cgroups | null): Promise<Wall> {
  if (process.getuid?.() !== 0)
    throw new Error("SANDBOX_ISOLATION=container needs root in its container, to run each session as another user.");
  if (!existsSync(MARK) || !WRITABLE.every((folder) => existsSync(folder)))
    throw new Error("SANDBOX_ISOLATION=container is for the image of container-sandbox/Dockerfile only.");
  let uid = FIRST_UID;
  // Memory that everybody may write would pass from one session to the next.
  if (existsSync("/dev/shm")) chmodSync("/dev/shm", 0o755);
  return { isolation: "container", start: (id, limits) => start(++uid, cgroups, id, limits), close: () => {} };
}

async function start(uid: number, cgroups: Cgroups | null, id: string, limits: Limits): Promise<Inside> {
  for (const folder of WRITABLE) {
    empty(folder);
    chownSync(folder, uid, uid);
    chmodSync(folder, 0o700);
  }
  const group =
    cgroups?.create(`margay-${id}`, { memoryBytes: limits.memoryBytes + 128 * 1024 * 1024, processes: limits.processes + 32 }) ?? null;
  const child = spawn(
    "/bin/sh",
    ["-c", 'read -r _ <&3; exec 3<&-; exec "$@"', "sh", ...asUser(uid), "/usr/bin/python3", "-E", "-s", "-S", "-B", AGENT],
    { stdio: ["pipe", "pipe", "ignore", "pipe"], env: { PATH: "/usr/local/bin:/usr/bin:/bin" }, cwd: "/work" },
  );
  const gate = child.stdio[3];
  if (!hasPid(child) || child.stdin === null || child.stdout === null || gate === null || gate === undefined || !("end" in gate))
    throw new Error("The sandbox could not be started.");
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  gate.on("error", () => {});
  group?.add(child.pid);
  gate.end("go\n");
  return {
    process: child,
    source: child.stdout,
    sink: child.stdin,
    folders: () => [],
    memoryKills: () => group?.memoryKills() ?? 0,
    egress: { listen: { port: 0, host: "127.0.0.1" }, relay: () => null },
    end: async () => {
      child.kill("SIGKILL");
      await gone;
      await sweep(uid);
      group?.remove();
      WRITABLE.forEach(empty);
    },
  };
}

const hasPid = (child: ChildProcess): child is ChildProcess & { pid: number } => child.pid !== undefined;

const asUser = (uid: number): string[] => [
  "setpriv",
  `--reuid=${uid}`,
  `--regid=${uid}`,
  "--clear-groups",
  "--no-new-privs",
  "--inh-caps=-all",
  "--bounding-set=-all",
  "--",
];

/** Ends everything that runs as this user: in one step of the kernel each time, by a process that is the user, until nothing of it is left. */
async function sweep(uid: number): Promise<void> {
  const until = Date.now() + END_MS;
  const [program, ...rest] = [
    ...asUser(uid),
    "/usr/bin/python3",
    "-E",
    "-s",
    "-S",
    "-c",
    "import os\ntry: os.kill(-1, 9)\nexcept OSError: pass",
  ];
  while (processesOf(uid) > 0) {
    spawnSync(program, rest, { stdio: "ignore", timeout: 5_000 });
    // A process of a user that cannot be ended would be a stranger in the next session.
    if (Date.now() > until) process.exit(70);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function processesOf(uid: number): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && lstatSync(`/proc/${pid}`).uid === uid;
    } catch {
      return false;
    }
  }).length;
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}
