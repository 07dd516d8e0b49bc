import { createHash } from "node:crypto";
import type { FileRef } from "../../src/channels/message.ts";
import { FileStore } from "../../src/db/object/files.ts";
import { heartbeatFile } from "../../src/heartbeat/heartbeat-file.ts";
import type { FileView } from "../../src/workspace/shapes.ts";
import type { FileBytes } from "../../src/workspace/workspace-deps.ts";
import { bytesGone, filesArrived } from "../../src/workspace/uploads.ts";
import { Workspace } from "../../src/workspace/workspace.ts";
import type { WorkspaceDeps, Writer } from "../../src/workspace/workspace-deps.ts";
import { objectStorage } from "./object-storage.ts";

export const START = Date.UTC(2026, 10, 26, 12);
export const USER: Writer = { author: "user", untrusted: null, key: null };
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** So much that is no text. */
export const binary = (size: number, fill = 0): Uint8Array => new Uint8Array(size).fill(fill);

const etagOf = (content: Uint8Array): string => createHash("md5").update(content).digest("hex");

/** One user's files on real tables, with a bucket in memory. */
export function filesHome(quota = 1_000_000_000, special = false) {
  const storage = objectStorage();
  const store = new FileStore(storage.sql);
  const objects = new Map<string, Uint8Array>();
  const clock = { now: START };
  let ids = 0;
  /** Thrown by the next put, if any. */
  const faults: Error[] = [];
  const bucket: FileBytes = {
    owns: (key) => key.startsWith("u/me/files/"),
    newKey: () => `u/me/files/${ids++}`,
    async put(key, content) {
      const fault = faults.shift();
      if (fault) throw fault;
      objects.set(key, content.slice());
      return etagOf(content);
    },
    read: async (key) => objects.get(key) ?? null,
    async head(key) {
      const content = objects.get(key);
      return content ? { size: content.length, mime: "application/octet-stream", hash: etagOf(content) } : null;
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
  };
  const added: FileView[] = [];
  const shown: FileView[] = [];
  const trail: string[] = [];
  const note = { text: "Tell me." };
  const heartbeat = heartbeatFile({ text: () => note.text, updatedAt: () => START, change: (text) => void (note.text = text) });
  const deps: WorkspaceDeps = {
    special: special ? [heartbeat] : [],
    store,
    bytes: bucket,
    quota: () => quota,
    transaction: (work) => storage.transactionSync(work),
    audit: ({ event, summary }) => void trail.push(`${event}: ${summary}`),
    changed: (file) => void shown.push(file),
    added: (file) => void added.push(file),
    log: () => undefined,
    now: () => clock.now,
    newId: () => `id${ids++}`,
  };
  const workspace = new Workspace(deps);
  return {
    storage,
    store,
    note,
    objects,
    clock,
    faults,
    added,
    shown,
    trail,
    deps,
    workspace,
    arrived: (files: readonly FileRef[], origin: string) => filesArrived(files, origin, deps),
    bytesGone: (key: string) => bytesGone(key, deps),
    text: async (path: string) => (await workspace.text(path)).text,
    paths: (path = "/", search = "") => {
      const { folders, files } = workspace.list({ path, search, state: "current", limit: 1_000 });
      return [...folders.map((one) => `${one.path}/`), ...files.map((one) => one.path)];
    },
    /** What lies in R2 and nothing knows of. */
    lost: () =>
      [...objects.keys()].filter((key) => !store.usesKey(key) && !store.wasteBefore(Number.MAX_SAFE_INTEGER, 1_000).includes(key)),
  };
}
