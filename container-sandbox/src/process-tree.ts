import { readdirSync, readFileSync } from "node:fs";

/** A process and all below it, by /proc; what ends meanwhile is left out. `root` is a process of ours. */
export function processTree(root: number): number[] {
  const tree = [root];
  for (let at = 0; at < tree.length; at++) tree.push(...childrenOf(tree[at] ?? 0));
  return tree;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** Linux has counted in hundredths of a second for programs since there are programs. */
const TICK_MS = 10;

export interface TreeUse {
  /** Of all that live and all that ended and were waited for. */
  cpuMs: number;
  /** As the kernel's simple numbers have it: what processes share counts for each of them. */
  memoryBytes: number;
  /** Threads. */
  threads: number;
}

export function useOf(pids: number[]): TreeUse {
  const use: TreeUse = { cpuMs: 0, memoryBytes: 0, threads: 0 };
  for (const pid of pids) {
    const stat = read(`/proc/${pid}/stat`);
    // The second field is the program's name in parentheses, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const field = (number: number): number => Number(fields[number - 3] ?? 0) || 0;
    use.cpuMs += (field(14) + field(15) + field(16) + field(17)) * TICK_MS;
    use.threads += field(20);
    for (const [, size] of read(`/proc/${pid}/status`).matchAll(/^Rss(?:Anon|Shmem):\s*(\d+) kB/gm)) use.memoryBytes += Number(size) * 1024;
  }
  return use;
}

/** What the processes hold when what they share is divided among them; costs the kernel some work. Null where it cannot be read. */
export function sharedOut(pids: number[]): number | null {
  let bytes = 0;
  let any = false;
  for (const pid of pids) {
    for (const [, size] of read(`/proc/${pid}/smaps_rollup`).matchAll(/^Pss_(?:Anon|Shmem):\s*(\d+) kB/gm)) {
      any = true;
      bytes += Number(size) * 1024;
    }
  }
  return any ? bytes : null;
}
