import { isAskedAbout } from "../src/browser/asked-about.ts";
import { browserBinding } from "../src/browser/browser-binding.ts";
import { Browsers } from "../src/browser/browsers.ts";
import { ApprovalStore } from "../src/db/object/approvals.ts";
import { BrowserStore } from "../src/db/object/browser.ts";
import { FileStore } from "../src/db/object/files.ts";
import { savedKey } from "../src/db/object/task-row.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { resolveWith } from "../src/egress/resolve.ts";
import { settingsOf } from "../src/env.ts";
import { log } from "../src/log.ts";
import { sessionName, taskOfSession } from "../src/sandbox/linux/session-name.ts";
import { browsing } from "../src/tools/browser/browsing.ts";
import { unusedPath } from "../src/workspace/free-path.ts";
import { mimeOf } from "../src/workspace/mime-of.ts";
import { filePath, nameOf } from "../src/workspace/path.ts";
import type { HandsDeps } from "./hands.ts";

const DAY_MS = 24 * 3_600_000;

/** Wires browsers: Browser Rendering, or a Chromium of this machine by the same binding. No rule lives here. */
export function createBrowser({
  host,
  library,
  vault,
  audit,
  usage,
  newId,
}: Pick<HandsDeps, "host" | "library" | "vault" | "audit" | "usage" | "newId">) {
  const { env, now } = host;
  const { sql } = host.storage;
  const tasks = new TaskStore(sql);
  const store = new BrowserStore(sql);
  const approvals = new ApprovalStore(sql);
  const isTask = (id: string): boolean => tasks.get(id) !== null;
  // Only `npm start` and tests say so.
  const { BROWSER_LOCAL: local } = settingsOf(env).settings;
  const browsers = new Browsers({
    host: env.BROWSER === undefined ? null : browserBinding(env.BROWSER, local ?? null),
    store,
    // A Chromium of this machine costs nothing.
    budget: local ? null : usage,
    resolve: resolveWith((input, init) => fetch(input, init)),
    over(name) {
      const task = taskOfSession(name);
      return task !== null && tasks.get(task)?.endedAt !== null;
    },
    waits(name) {
      const task = taskOfSession(name);
      if (task !== null) return tasks.get(task)?.status === "waiting_approval";
      // A conversation goes on meanwhile: it waits where a call of its browser does.
      return isAskedAbout(name, approvals.pending(), isTask);
    },
    wakeAt: (time) => host.background(host.wakeAt({ id: "browser", fn: "browser", time })),
    log,
    now,
    newId,
  });
  const port = browsing({
    browsers,
    nameOf: (callId, conversationId) => sessionName(callId, conversationId, isTask),
    vault,
    used: (name, at) =>
      audit({ kind: "secret", event: "used", actor: "agent", subject: name, destinations: [at], summary: `Secret ${name} used` }),
    async save(callId, path, bytes, from) {
      const free = unusedPath(path, new FileStore(sql));
      await library.syncFiles.write(free, bytes, { author: "agent", untrusted: from, key: savedKey(callId, free) }, null);
      return free;
    },
    async read(path) {
      const bytes = await library.syncFiles.read(path);
      return { name: nameOf(path), mime: mimeOf(path), bytes };
    },
    fileState(path) {
      const file = library.syncFiles.at(filePath(path));
      return file && { seen: `${file.id} ${file.version} ${file.updatedAt}`, size: file.size };
    },
  });
  return {
    port,
    look: () => browsers.look(),
    tidy: () => store.prune(now() - 7 * DAY_MS),
  };
}
