import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A group of processes whose memory and number the kernel holds as one. */
export interface Cgroup {
  /** Takes a process, and what it starts from now on. */
  add(pid: number): void;
  /** How often the kernel ended something in it for want of memory. */
  memoryKills(): number;
  /** Once it is empty. */
  remove(): void;
}

export interface Cgroups {
  create(name: string, limits: { memoryBytes: number; processes: number }): Cgroup;
}

/** A group is made a moment before something runs in it. */
const STALE_MS = 60_000;

/** Takes away groups that a server left which was killed. One that is in use cannot be taken away. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => /^margay-[0-9a-f]{32}$/.test(entry))) {
    const path = join(folder, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < Date.now() - STALE_MS) remove(path);
  }
}

/** What just ended may be counted for a moment longer. */
const AGAIN_MS = [100, 1_000, 5_000];

function remove(folder: string, again: number[] = []): void {
  try {
    rmdirSync(folder);
  } catch {
    const [ms, ...rest] = again;
    // In use, or not there any more; at last the next server tries.
    if (ms !== undefined) setTimeout(() => remove(folder, rest), ms).unref();
  }
}

interface Places {
  memory: string;
  pids: string;
  version: 1 | 2;
}

/**
 * Control groups, version 2 or 1, where this process may make some; null where not. Version 2 divides only a group that has no processes of its own, so there
 * the server moves itself into a group beside the sessions'. `root` is where the files are, for tests.
 */
export function findCgroups(root = ""): Cgroups | null {
  const places = placesIn(root);
  if (places === null) return null;
  const cgroups: Cgroups = { create: (name, limits) => createIn(places, name, limits) };
  try {
    for (const folder of new Set([places.memory, places.pids])) sweep(folder);
    cgroups.create(`margay-try-${process.pid}`, { memoryBytes: 64 * 1024 * 1024, processes: 16 }).remove();
  } catch {
    return null;
  }
  return cgroups;
}

function placesIn(root: string): Places | null {
  const lines = text(join(root, "/proc/self/cgroup"))
    .split("\n")
    .map((line) => /^(\d+):([^:]*):(\/.*)$/.exec(line));
  const mounts = text(join(root, "/proc/self/mountinfo"))
    .split("\n")
    .flatMap((line) => {
      const found = /^\S+ \S+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/.exec(line);
      return found === null ? [] : [{ within: found[1] ?? "/", at: found[2] ?? "", type: found[3], options: (found[4] ?? "").split(",") }];
    });
  const folder = (mount: { within: string; at: string } | undefined, path: string | undefined): string | null =>
    mount === undefined || path === undefined
      ? null
      : join(root, mount.at, mount.within !== "/" && path.startsWith(mount.within) ? path.slice(mount.within.length) : path);
  const old = (controller: string) =>
    folder(
      mounts.find((mount) => mount.type === "cgroup" && mount.options.includes(controller)),
      lines.find((line) => line?.[2]?.split(",").includes(controller))?.[3],
    );
  const [memory, pids] = [old("memory"), old("pids")];
  if (memory !== null && pids !== null) return { memory, pids, version: 1 };
  const own = folder(
    mounts.find((mount) => mount.type === "cgroup2"),
    lines.find((line) => line?.[2] === "")?.[3],
  );
  return own !== null && divide(own) ? { memory: own, pids: own, version: 2 } : null;
}

/** Makes room for groups below the server's own. */
function divide(own: string): boolean {
  try {
    if (enabled(own)) return true;
    mkdirSync(join(own, "margay-server"), { recursive: true });
    writeFileSync(join(own, "margay-server", "cgroup.procs"), String(process.pid));
    writeFileSync(join(own, "cgroup.subtree_control"), "+memory +pids");
    return true;
  } catch {
    return false;
  }
}

const enabled = (own: string): boolean => {
  const controllers = text(join(own, "cgroup.subtree_control")).split(/\s+/);
  return controllers.includes("memory") && controllers.includes("pids");
};

function createIn(places: Places, name: string, { memoryBytes, processes }: { memoryBytes: number; processes: number }): Cgroup {
  const folders = [...new Set([join(places.memory, name), join(places.pids, name)])];
  const [memory = "", pids = memory] = folders;
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const group: Cgroup = {
    add: (pid) => folders.forEach((folder) => writeFileSync(join(folder, "cgroup.procs"), String(pid))),
    memoryKills: () =>
      Number(/^oom_kill (\d+)$/m.exec(text(join(memory, places.version === 1 ? "memory.oom_control" : "memory.events")))?.[1] ?? 0),
    remove: () => folders.forEach((folder) => remove(folder, AGAIN_MS)),
  };
  try {
    writeFileSync(join(memory, places.version === 1 ? "memory.limit_in_bytes" : "memory.max"), String(memoryBytes));
    writeFileSync(join(pids, "pids.max"), String(processes));
  } catch (error) {
    group.remove();
    throw error;
  }
  return group;
}

function text(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
