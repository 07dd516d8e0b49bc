import { spawnSync } from "node:child_process";
import { ROOT } from "../build-node.mjs";

/** Files of the checkout that git has or would take, by their path from the root with `/`, in order. */
export function sourceFiles(folders, pattern) {
  const list = (extra) => {
    const git = spawnSync("git", ["ls-files", "-z", ...extra, "--", ...folders], {
      cwd: ROOT,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (git.status !== 0) throw new Error(`git ls-files failed: ${git.stderr}`);
    return git.stdout.split("\0").filter(Boolean);
  };
  const deleted = new Set(list(["--deleted"]));
  return [...new Set(list(["--cached", "--others", "--exclude-standard"]))]
    .filter((file) => pattern.test(file) && !deleted.has(file))
    .sort();
}
