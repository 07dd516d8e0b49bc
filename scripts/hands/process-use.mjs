import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Clock ticks of /proc a second; the kernel has used this number everywhere for decades. */
const TICKS = 100;
const PAGE = 4096;

/**
 * What a process has used so far.
 *
 * @returns {{ cpuMs: number, bytes: number } | null} null: it is gone
 */
export function processUse(pid) {
  try {
    if (process.platform !== "linux") return fromPs(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may hold anything, blanks and brackets too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return { cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS, bytes: Number(fields[21]) * PAGE };
  } catch {
    return null;
  }
}

/** Where there is no /proc. */
function fromPs(pid) {
  const [rss = "0", time = "0:0"] = execFileSync("ps", ["-o", "rss=,time=", "-p", String(pid)], { encoding: "utf8" })
    .trim()
    .split(/\s+/);
  const seconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuMs: seconds * 1000, bytes: Number(rss) * 1024 };
}
