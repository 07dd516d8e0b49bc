import { statfsSync } from "node:fs";
import type { Ended, Limits } from "../../src/sandbox/linux/contract.ts";
import { processTree, sharedOut, useOf } from "./process-tree.ts";

/** How often a running command is looked at, in ms. What a process can take in this time is the most that a limit is overstepped by. */
const EVERY_MS = 60;

export interface Watched {
  /** The process that all of the session is below. */
  pid: number;
  limits: Limits;
  /** Folders whose number of files is limited, as the server sees them. Empty where nothing holds them apart. */
  folders: string[];
  /** How often the kernel ended something of this session for want of memory. */
  memoryKills(): number;
}

/**
 * Looks at a running command: CPU time, memory, threads and files of its whole session. `exceeded` is called once, with the limit that was overstepped.
 * Answers a function that stops it and says how much CPU time was used, in ms, to a hundredth of a second.
 */
export function watch(session: Watched, exceeded: (limit: Ended) => void): () => number {
  const first = useOf(processTree(session.pid));
  const filesBefore = Math.max(0, ...session.folders.map(filesIn));
  const killsBefore = session.memoryKills();
  const { limits } = session;
  const filesMost = Math.max(limits.files, filesBefore + 1_000);
  let cpuMs = first.cpuMs;
  let rounds = 0;
  const look = (): Ended | null => {
    const pids = processTree(session.pid);
    const use = useOf(pids);
    cpuMs = Math.max(cpuMs, use.cpuMs);
    if (cpuMs - first.cpuMs > limits.cpuSeconds * 1_000) return "cpu";
    if (use.memoryBytes > limits.memoryBytes && (sharedOut(pids) ?? use.memoryBytes) > limits.memoryBytes) return "memory";
    if (session.memoryKills() > killsBefore) return "memory";
    if (++rounds % 4 === 0 && session.folders.some((folder) => filesIn(folder) > filesMost)) return "disk";
    return null;
  };
  const timer = setInterval(() => {
    const limit = look();
    if (limit === null) return;
    clearInterval(timer);
    exceeded(limit);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    cpuMs = Math.max(cpuMs, useOf(processTree(session.pid)).cpuMs);
    return cpuMs - first.cpuMs;
  };
}

function filesIn(folder: string): number {
  try {
    const { files, ffree } = statfsSync(folder);
    return files - ffree;
  } catch {
    return 0;
  }
}
