import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Arguments and parent of a process, or null where they cannot be read. */
function inspect(pid) {
  if (process.platform === "linux") {
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
      // `pid (name) state ppid …`; the name may hold spaces and parentheses.
      const parent = Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(")").at(-1).trim().split(" ")[1]);
      return { args, parent };
    } catch {
      return null;
    }
  }
  if (process.platform === "win32") return null;
  const ps = spawnSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" });
  const match = /^\s*(\d+)\s+(.*)$/s.exec(ps.stdout ?? "");
  return match ? { args: match[2].trim().split(/\s+/), parent: Number(match[1]) } : null;
}

/**
 * Whether the wrangler that runs this custom build is about to change an account. WRANGLER_COMMAND says `deploy` also for `--dry-run` and
 * `wrangler check startup`, which must neither need an account nor touch one, so the arguments of the wrangler above us are read. Where they
 * cannot be read (Windows), WRANGLER_COMMAND decides; MARGAY_DRY_RUN=1 says no.
 */
export function isRealDeploy() {
  const command = process.env["WRANGLER_COMMAND"];
  if (command !== "deploy" && command !== "versions upload") return false;
  if (process.env["MARGAY_DRY_RUN"] === "1") return false;
  let pid = process.ppid;
  for (let depth = 0; depth < 6 && pid > 1; depth++) {
    const found = inspect(pid);
    if (!found) break;
    if (found.args.some((arg) => /wrangler/.test(arg))) {
      const dry = found.args.find((arg) => /^--(dry-run|dryRun)(=|$)/.test(arg));
      if (dry) return /=(false|0)$/.test(dry);
      return found.args.includes("deploy") || found.args.includes("upload");
    }
    pid = found.parent;
  }
  return true;
}
