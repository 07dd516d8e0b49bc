import type { CollectionStore } from "../db/object/collections.ts";
import type { DocumentStore } from "../db/object/documents.ts";
import { MargayError } from "../errors.ts";
import { viewOf } from "../knowledge/document-row.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Scopes } from "../knowledge/scopes.ts";
import type { CommandPorts } from "./command.ts";

export interface KnowledgeParts {
  documents: DocumentStore;
  collections: CollectionStore;
  knowledge: Knowledge;
  scopes: Scopes;
}

/** The user's documents for commands, which are numbered from the oldest: a new one does not move the others. */
export function knowledgePort(
  { documents, collections, knowledge, scopes }: KnowledgeParts,
  conversationId: string,
): CommandPorts["knowledge"] {
  return {
    list() {
      const sets = collections.list();
      const nameOf = new Map(sets.map(({ id, name }) => [id, name]));
      const all = documents.all();
      const scope = scopes.get(conversationId);
      const names = (ids: readonly string[], of: (id: string) => string | undefined): string[] => ids.flatMap((id) => of(id) ?? []);
      return {
        total: all.length,
        documents: all.map((row, index) => ({
          number: index + 1,
          name: row.name,
          collection: row.collectionId === null ? null : (nameOf.get(row.collectionId) ?? null),
          state: stateOf(viewOf(row)),
        })),
        collections: sets,
        only:
          scope === null
            ? null
            : [...names(scope.collections, (id) => nameOf.get(id)), ...names(scope.documents, (id) => documents.get(id)?.name)],
      };
    },
    only: (names) => scopes.limit(conversationId, names).names,
    all: () => scopes.clear(conversationId),
    async delete(number) {
      const row = documents.all()[number - 1];
      if (!row) throw new MargayError("not_found", `There is no document ${number}. /knowledge shows them.`);
      return { name: row.name, verified: await knowledge.delete(row.id) };
    },
  };
}

function stateOf({ status, progress, error }: ReturnType<typeof viewOf>): string | null {
  if (status === "failed") return `could not be read: ${error?.message ?? ""}`;
  if (status === "ready") return null;
  return status === "queued" ? "waits to be read" : `${Math.floor(progress * 100)}% read`;
}
