import { sha256Hex } from "../src/audit/hash.ts";
import { CodeCallStore } from "../src/db/object/code.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { type Env, settingsOf } from "../src/env.ts";
import { ownModule } from "../src/sandbox/own-module.ts";
import { CodeRunner } from "../src/sandbox/code-runner.ts";
import type { JavascriptRunner } from "../src/sandbox/javascript.ts";
import { loaderRunner } from "../src/sandbox/loader.ts";
import { processRunner } from "../src/sandbox/process.ts";
import { executorTools } from "../src/tasks/profile.ts";
import { DEFAULT_GRANTS } from "../src/tools/registry.ts";
import type { HandsDeps } from "./hands.ts";

/** Wires where code runs: a process on this machine, else Dynamic Workers, else nowhere. No rule lives here. */
export function createJavascript({ host, settings, library, tools, usage, newId }: HandsDeps) {
  const { env, now } = host;
  const { sql } = host.storage;
  const tasks = new TaskStore(sql);
  const port = new CodeRunner({
    runner: () => runnerOf(env, now, newId),
    toolsOf(turnId) {
      const plan = turnId === null ? null : (tasks.get(turnId)?.plan ?? null);
      return plan === null ? tools() : executorTools(tools(), plan.tools);
    },
    granted: () => DEFAULT_GRANTS,
    policy: (tool) => settings.user().tools[tool] ?? null,
    files: library.syncFiles,
    takeBack: ({ written, version, before }, by) => library.files.takeBack(written, version, before, by),
    calls: new CodeCallStore(sql),
    budget: usage,
    module: (name) => ownModule(name, env.ASSETS ?? null),
    hash: sha256Hex,
    now,
  });
  return { port };
}

/** `SANDBOX_URL` is `off` where the runtime is a local one, which would limit nothing, and no host runs beside it. */
function runnerOf(env: Env, now: () => number, newId: () => string): JavascriptRunner | null {
  const { SANDBOX_URL: url, SANDBOX_TOKEN: token } = settingsOf(env).settings;
  if (url === "off") return null;
  if (url !== undefined && token !== undefined)
    return processRunner({ url: url.replace(/\/+$/u, ""), token, fetch: (input, init) => fetch(input, init), now, newId });
  return env.LOADER === undefined ? null : loaderRunner(env.LOADER, now);
}
