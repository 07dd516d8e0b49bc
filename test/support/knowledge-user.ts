import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { OperationInput, OperationName, OperationOutput } from "../../src/agent/operations.ts";
import type { FileRef } from "../../src/channels/message.ts";
import { database } from "../../src/db/database.ts";
import { user } from "../../src/db/schema.ts";
import { unwrap } from "../../src/errors.ts";
import { fileKey } from "../../src/http/file-names.ts";
import type { DocumentView } from "../../src/knowledge/shapes.ts";
import { testUser, type TestUser } from "./agent-client.ts";

/** A user with an account in D1, which what they give to be kept refers to. */
export interface KnowledgeUser extends TestUser {
  ask<Name extends OperationName>(name: Name, input: OperationInput<Name>): Promise<OperationOutput<Name>>;
  /** Puts a file where uploads are. */
  upload(name: string, body: string | Uint8Array, mime?: string): Promise<FileRef>;
  /** Uploads and takes in; gives the document as it was queued, or known. */
  give(
    name: string,
    body: string | Uint8Array,
    more?: { mime?: string; collection_id?: string | null; replaces?: string },
  ): Promise<DocumentView>;
  /** The document when it was read, or failed. */
  read(id: string): Promise<DocumentView>;
  /** All that is kept of this user's documents anywhere, as counts by place. */
  traces(): Promise<Record<string, number>>;
}

export async function knowledgeUser(): Promise<KnowledgeUser> {
  const base = await testUser();
  const now = new Date();
  const db = await database(env);
  await db.insert(user).values({ id: base.id, name: "Ada", email: `${base.id}@example.com`, role: "user", createdAt: now, updatedAt: now });
  const ask: KnowledgeUser["ask"] = async (name, input) => {
    const output = unwrap(await base.stub.ask(base.caller, name, input));
    return output as OperationOutput<typeof name>;
  };
  const upload: KnowledgeUser["upload"] = async (name, body, mime = "text/plain") => {
    const key = fileKey(base.id, Date.now(), crypto.randomUUID());
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    await env.FILES.put(key, bytes, { httpMetadata: { contentType: mime }, customMetadata: { name: encodeURIComponent(name) } });
    return { key, name, mime, size: bytes.byteLength };
  };
  return {
    ...base,
    get stub() {
      return env.USER_AGENT.getByName(base.id);
    },
    get object() {
      return env.USER_AGENT.getByName(base.id);
    },
    ask,
    upload,
    async give(name, body, { mime, ...more } = {}) {
      const { key } = await upload(name, body, mime);
      const { documents, known } = await ask("knowledge.add", { key, ...more });
      const [document] = [...documents, ...known];
      if (!document) throw new Error("nothing was taken in");
      return document;
    },
    async read(id) {
      return vi.waitFor(
        async () => {
          const document = await ask("knowledge.document", id);
          if (document.status !== "ready" && document.status !== "failed") throw new Error(`still ${document.status}`);
          return document;
        },
        { timeout: 20_000, interval: 20 },
      );
    },
    async traces() {
      const counted = async (table: string): Promise<number> =>
        Number((await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE user_id = ?`).bind(base.id).first("n")) ?? 0);
      const local = await runInDurableObject(env.USER_AGENT.getByName(base.id), (_agent, { storage }) =>
        Object.fromEntries(
          ["document", "document_file", "document_piece", "document_waste", "document_arrival", "record_op"].map((table) => [
            table,
            Number(storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one()["n"]),
          ]),
        ),
      );
      const index = await runInDurableObject(env.USER_AGENT.getByName(base.id), (_agent, { storage }) =>
        Number(storage.sql.exec("SELECT count(*) AS n FROM search_entry WHERE space = 'knowledge'").one()["n"]),
      );
      return {
        ...local,
        index,
        "D1 document": await counted("document"),
        "D1 chunk": await counted("chunk"),
        files: (await env.FILES.list({ prefix: `u/${base.id}/uploads/` })).objects.length,
      };
    },
  };
}
