import { z } from "zod";
import type { CollectionStore } from "../db/object/collections.ts";
import type { DocumentStore } from "../db/object/documents.ts";
import type { SettingStore } from "../db/object/settings.ts";
import { MargayError } from "../errors.ts";
import type { Scope } from "./knowledge.ts";

const Kept = z.object({ collections: z.array(z.string()), documents: z.array(z.string()) });

interface ScopesDeps {
  settings: SettingStore;
  documents: DocumentStore;
  collections: CollectionStore;
  now(): number;
}

/** Which documents a conversation is limited to; a conversation that nobody limited has all. */
export class Scopes {
  constructor(private readonly deps: ScopesDeps) {}

  /** What stays limited when a collection goes: nothing of it is found any more. */
  get(conversationId: string | null): Scope {
    return conversationId === null ? null : this.deps.settings.read(keyOf(conversationId), Kept);
  }

  /** Limits a conversation to collections and documents by id or name. Throws `not_found` for one that is not there. */
  limit(conversationId: string, names: readonly string[]): { names: string[] } {
    const { settings, collections, now } = this.deps;
    const found = names.map((name) => {
      const collection = collections.find(name);
      if (collection) return { kind: "collections" as const, id: collection.id, name: collection.name };
      const document = this.#document(name);
      if (document) return { kind: "documents" as const, ...document };
      throw new MargayError("not_found", `There is no collection or document “${name}”.`);
    });
    const ids = (wanted: "collections" | "documents"): string[] => found.filter(({ kind }) => kind === wanted).map(({ id }) => id);
    settings.write(keyOf(conversationId), { collections: ids("collections"), documents: ids("documents") }, now());
    return { names: found.map(({ name }) => name) };
  }

  clear(conversationId: string): void {
    this.deps.settings.delete(keyOf(conversationId));
  }

  /** By id, or the newest of a name. */
  #document(reference: string): { id: string; name: string } | null {
    const { documents } = this.deps;
    const row = documents.get(reference) ?? documents.get(documents.named(reference)[0] ?? "");
    return row && { id: row.id, name: row.name };
  }
}

const keyOf = (conversationId: string): string => `knowledge_scope:${conversationId}`;
