import { LinuxStore } from "../../src/db/object/linux.ts";
import type { Policy } from "../../src/permission/decide.ts";
import { type LinuxRun, LinuxSessions } from "../../src/sandbox/linux/linux-sessions.ts";
import type { LinuxSandbox } from "../../src/sandbox/linux/linux-sandbox.ts";
import { workspaceFiles } from "../../src/sandbox/linux/workspace-files.ts";
import { bytes, filesHome, USER } from "./files-home.ts";

/** One user's files and Linux sessions on real tables; `sandbox` null: there is no Linux. */
export function linuxHome(sandbox: LinuxSandbox | null, options: { quota?: number; special?: boolean } = {}) {
  const home = filesHome(options.quota, options.special);
  const store = new LinuxStore(home.storage.sql);
  const policies = new Map<string, Policy>();
  const over = new Set<string>();
  const sessions = new LinuxSessions({
    store,
    files: workspaceFiles(home.workspace, home.deps),
    sandbox: () => sandbox,
    over: (name) => over.has(name),
    policy: (tool) => policies.get(tool) ?? null,
    now: () => home.clock.now,
  });
  const aRun = (change: Partial<LinuxRun> = {}): LinuxRun => ({
    command: { run: { shell: "true" }, cwd: null, stdin: null, timeoutMs: 20_000, hosts: [], secret: null },
    paths: null,
    untrusted: null,
    print: () => undefined,
    signal: new AbortController().signal,
    ...change,
  });
  return {
    ...home,
    linux: store,
    sessions,
    over,
    /** What the user set for tools. */
    policies,
    aRun,
    /** The user writes a file. */
    write: (path: string, text: string) => home.workspace.write(path, bytes(text), USER),
    run: (change: Partial<LinuxRun> = {}, name = "conversation:main") => sessions.run(name, aRun(change)),
  };
}
