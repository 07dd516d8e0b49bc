import { DurableObject } from "cloudflare:workers";
import { migrateObject } from "../../../src/db/object/schema.ts";
import { ObjectSearchIndex } from "../../../src/db/object/search-index.ts";
import { localEmbedder } from "../../../src/memory/embedders/local.ts";
import type { SearchEntry, SearchQuery } from "../../../src/memory/search.ts";

/** One user's index in an object of its own, spoken to by HTTP from the same machine. */
export class Recall extends DurableObject {
  readonly #cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  readonly #index: ObjectSearchIndex;

  constructor(context: DurableObjectState, env: Cloudflare.Env) {
    super(context, env);
    void context.blockConcurrencyWhile(async () => migrateObject(context.storage));
    const { sql } = context.storage;
    // Remembers every cursor, for the rows that it read.
    const counted = new Proxy(sql, {
      get: (target, key) =>
        key === "exec"
          ? (query: string, ...values: SqlStorageValue[]) => {
              const cursor = target.exec(query, ...values);
              this.#cursors.push(cursor);
              return cursor;
            }
          : Reflect.get(target, key),
    });
    this.#index = new ObjectSearchIndex({ sql: counted, embedder: () => localEmbedder });
  }

  async put(entries: SearchEntry[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#index.put(entries));
    this.#cursors.length = 0;
  }

  async embed(): Promise<number> {
    const { left } = await this.#index.embed(1_000);
    this.#cursors.length = 0;
    return left;
  }

  /** Nothing: what asking at all takes. */
  async ping(): Promise<null> {
    return null;
  }

  async search(query: SearchQuery): Promise<{ ids: string[]; rowsRead: number }> {
    this.#cursors.length = 0;
    const hits = await this.#index.search(query);
    const rowsRead = this.#cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
    return { ids: hits.map(({ id }) => id), rowsRead };
  }
}

interface RecallEnv {
  RECALL: DurableObjectNamespace<Recall>;
}

export default {
  async fetch(request: Request, env: RecallEnv): Promise<Response> {
    const { user, call, value } = await request.json<{ user: string; call: "put" | "embed" | "ping" | "search"; value: unknown }>();
    const object = env.RECALL.getByName(user);
    if (call === "put") return Response.json((await object.put(value as SearchEntry[])) ?? null);
    if (call === "ping") return Response.json(await object.ping());
    return Response.json(call === "embed" ? await object.embed() : await object.search(value as SearchQuery));
  },
};
