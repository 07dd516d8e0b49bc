import { z } from "zod";

/** Something that is being forgotten: its words, so that they can be taken out wherever they stand. */
export interface Forgetting {
  /** Of the memory; `*`: whatever the record still has that is not here. */
  id: string;
  texts: { text: string; quote: string | null }[];
}

const Texts = z.array(z.object({ text: z.string(), quote: z.string().nullable() }));

/** What is being forgotten, until every trace is known to be gone (table `memory_forgotten`, see `memories.ts`). */
export class ForgottenStore {
  constructor(private readonly sql: SqlStorage) {}

  add({ id, texts }: Forgetting, key: string | null, now: number): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO memory_forgotten (id, texts, call_key, at) VALUES (?, ?, ?, ?)",
      id,
      JSON.stringify(texts),
      key,
      now,
    );
  }

  all(): Forgetting[] {
    return this.sql
      .exec<{ id: string; texts: string }>("SELECT id, texts FROM memory_forgotten ORDER BY at, id")
      .toArray()
      .map(({ id, texts }) => ({ id, texts: Texts.parse(JSON.parse(texts)) }));
  }

  /** How many a tool call began to forget: it may come again after a crash. */
  ofCall(key: string): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM memory_forgotten WHERE call_key = ?", key).one()["n"]);
  }

  count(): number {
    return Number(this.sql.exec("SELECT count(*) AS n FROM memory_forgotten").one()["n"]);
  }

  done(ids: readonly string[]): void {
    for (const id of ids) this.sql.exec("DELETE FROM memory_forgotten WHERE id = ?", id);
  }
}
