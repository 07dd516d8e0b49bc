import { LinuxStore } from "../src/db/object/linux.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { settingsOf } from "../src/env.ts";
import { httpSandbox } from "../src/sandbox/linux/http-sandbox.ts";
import { LinuxSessions, NO_LINUX } from "../src/sandbox/linux/linux-sessions.ts";
import type { LinuxSandbox } from "../src/sandbox/linux/linux-sandbox.ts";
import { meteredSandbox } from "../src/sandbox/linux/metered-sandbox.ts";
import { makePass } from "../src/sandbox/linux/make-pass.ts";
import { sessionName, taskOfSession } from "../src/sandbox/linux/session-name.ts";
import { sandboxContainer } from "../src/stubs.ts";
import type { LinuxPort } from "../src/tools/linux/linux-port.ts";
import type { HandsDeps } from "./hands.ts";

/** Wires the Linux of a user's tasks and conversations: a local server, else a container a session, else none. No rule lives here. */
export function createLinux({
  host,
  settings,
  library,
  vault,
  audit,
  usage,
}: Pick<HandsDeps, "host" | "settings" | "library" | "vault" | "audit" | "usage">) {
  const { env, userId, storage, now } = host;
  const { LINUX_SANDBOX_URL: url, LINUX_SANDBOX_TOKEN: token } = settingsOf(env).settings;
  const tasks = new TaskStore(storage.sql);
  const store = new LinuxStore(storage.sql);
  const awake = new Map<string, number>();
  const used = (name: string, hosts: readonly string[]): void =>
    audit({ kind: "secret", event: "used", actor: "agent", subject: name, destinations: [...hosts], summary: `Secret ${name} used` });
  const sandbox = (name: string): LinuxSandbox | null => {
    if (url !== undefined && token !== undefined)
      return httpSandbox({ url: url.replace(/\/+$/, ""), token, fetch: (address, init) => fetch(address, init) });
    const container = sandboxContainer(env, userId, name);
    if (container === null) return null;
    const linux = httpSandbox({
      url: "http://sandbox",
      // The container's own object knows it; nobody else reaches the container.
      token: "",
      fetch: (address, init) => container.fetch(address, init),
      pass: (hosts, secret) => makePass(hosts, secret, { vault, used }),
    });
    return meteredSandbox(linux, { name, awake, usedAt: store.get(name)?.usedAt ?? null, budget: usage, now });
  };
  const sessions = new LinuxSessions({
    store,
    files: library.syncFiles,
    sandbox,
    over(name) {
      const task = taskOfSession(name);
      // One that is not there any more is over too.
      return task !== null && tasks.get(task)?.endedAt !== null;
    },
    policy: (tool) => settings.user().tools[tool] ?? null,
    now,
  });
  const port: LinuxPort = {
    run: ({ callId, conversationId, ...run }) => {
      const name = sessionName(callId, conversationId, (id) => tasks.get(id) !== null);
      return sessions.run(name, run).finally(() => host.background(sessions.sweep()));
    },
    missing: () => (sandbox("any") === null ? NO_LINUX : null),
  };
  return { port, sandbox, sweep: () => host.background(sessions.sweep()) };
}
