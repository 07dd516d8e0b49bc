import type { Configuration } from "../src/agent/configuration.ts";
import type { Operations } from "../src/agent/operations.ts";
import { UserSettings } from "../src/agent/shapes.ts";
import { ImportStore } from "../src/db/object/imports.ts";
import type { MessageStore } from "../src/db/object/messages.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import { cleanFileName, fileKey, filesPrefix } from "../src/http/file-names.ts";
import { Importer } from "../src/import/importer.ts";
import { log } from "../src/log.ts";
import type { NewMemory } from "../src/memory/stored-memory.ts";
import type { Host } from "./parts.ts";

export interface ImportsDeps {
  host: Host;
  messages: MessageStore;
  settings: SettingStore;
  configuration: Configuration;
  transaction<T>(work: () => T): T;
  newId(): string;
  /** Keeps a memory, at once, unless it is known. */
  remember(memory: NewMemory): { known: boolean };
  /** What knowledge does when it is asked. */
  knowledge(): Pick<Operations, "knowledge.add" | "knowledge.collections" | "knowledge.addCollection">;
  /** Whether a file is something else's too. */
  inUse(key: string): boolean;
  /** More was taken over: it is to be indexed. */
  progressed(): void;
}

/** Wires imports to the object's tables, the user's files, and what takes things in. */
export function createImports({
  host,
  messages,
  settings,
  configuration,
  transaction,
  newId,
  remember,
  knowledge,
  inUse,
  progressed,
}: ImportsDeps): Importer {
  const { now, userId } = host;
  const files = host.env.FILES;
  return new Importer({
    imports: new ImportStore(host.storage.sql),
    owns: (key) => key.startsWith(filesPrefix(userId)),
    read: async (key) => {
      const object = await files.get(key);
      return object && new Uint8Array(await object.arrayBuffer());
    },
    // What is a document's original or came with a message stays.
    drop: async (keys) => {
      const free = keys.filter((key) => !inUse(key));
      if (free.length > 0) await files.delete(free);
    },
    messages,
    persona: {
      text: () => settings.user().persona,
      max: UserSettings.shape.persona.unwrap().maxLength ?? 4_000,
      set: (persona, summary) => void configuration.update({ persona }, { author: "user", channel: null }, summary),
    },
    addMemory: ({ text, memory, aboutAt, quote, importId }) => {
      const { known } = remember({
        kind: memory,
        text,
        about_at: aboutAt,
        source: { kind: "import", id: importId, quote, channel: null },
        confidence: 0.8,
        // Another agent wrote it, from whatever it had read.
        tainted: true,
        asked: false,
        pinned: false,
        expires_at: null,
      });
      return known ? "known" : "added";
    },
    addDocument: async ({ path, mime, collection, bytes }) => {
      const ask = knowledge();
      const key = fileKey(userId, now(), newId());
      await files.put(key, bytes, {
        httpMetadata: { contentType: mime },
        customMetadata: { name: encodeURIComponent(cleanFileName(path)) },
      });
      const { known } = await ask["knowledge.add"]({ key, name: path.slice(-255), mime, collection_id: await collectionNamed(collection) });
      return known.length > 0 ? "known" : "added";
    },
    transaction,
    progressed,
    wakeAt: (time) => host.wakeAt({ id: "import", fn: "import", time }),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    log,
    now,
    newId,
  });

  async function collectionNamed(name: string | null): Promise<string | null> {
    if (name === null) return null;
    const ask = knowledge();
    const there = (await ask["knowledge.collections"](null)).find((collection) => collection.name === name);
    return (there ?? (await ask["knowledge.addCollection"](name))).id;
  }
}
