import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export interface Newcomer {
  directory: string;
  /** Runs a command as somebody does who just cloned: an empty home, the machine's own Node first on PATH, no terminal. */
  run(command: string, args: string[], env?: Record<string, string>): Promise<{ code: number; output: string }>;
  remove(): void;
}

/** PATH as it is outside of npm: without the directories that npm and npx put in front. */
export function systemPath(): string {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((entry) => !entry.includes("node_modules") && !entry.includes("node-gyp-bin"))
    .join(delimiter);
}

/** A copy of this checkout (what git has or would have of it) with node_modules linked, in a directory of its own. */
export function newcomer(): Newcomer {
  const home = mkdtempSync(join(tmpdir(), "margay-newcomer-"));
  const directory = join(home, "margay");
  const listed = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
  const deleted = new Set(spawnSync("git", ["ls-files", "-z", "--deleted"], { cwd: ROOT, encoding: "utf8" }).stdout.split("\0"));
  for (const file of listed.stdout.split("\0")) {
    if (file === "" || deleted.has(file)) continue;
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(ROOT, file), join(directory, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
  return {
    directory,
    run: (command, args, env = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, args, {
          cwd: directory,
          stdio: ["ignore", "pipe", "pipe"],
          env: { PATH: systemPath(), HOME: home, LANG: "C.UTF-8", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false", ...env },
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding("utf8");
          stream.on("data", (text: string) => (output += text));
        }
        child.once("error", reject);
        child.once("close", (code) => resolve({ code: code ?? 1, output }));
      }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
