import { z } from "zod";
import type { KeptPage, PageCache } from "../../tools/web/cached-web.ts";

/** Pages that tools read, as they came, for a while: so that the next part of a long one, or the same one again, is not fetched anew. Never what came with a secret. */
export const pageCacheSchema: readonly string[] = [
  `CREATE TABLE page_cache (
    url TEXT PRIMARY KEY,
    answer TEXT NOT NULL,
    bytes BLOB NOT NULL,
    fresh_until INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX page_cache_at ON page_cache (at)`,
];

/** Bytes of all pages, and how long one is kept, whatever its server allows. */
const MAX_TOTAL = 8_000_000;
const KEPT_MS = 86_400_000;

const Answer = z.object({
  status: z.number(),
  mediaType: z.string(),
  charset: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
});

export class PageCacheStore implements PageCache {
  constructor(private readonly sql: SqlStorage) {}

  get(url: string): KeptPage | null {
    const row = this.sql.exec("SELECT answer, bytes, fresh_until FROM page_cache WHERE url = ?", url).toArray()[0];
    if (row === undefined) return null;
    const bytes = row["bytes"];
    if (!(bytes instanceof ArrayBuffer)) return null;
    const freshUntil = Number(row["fresh_until"]);
    return { ...Answer.parse(JSON.parse(String(row["answer"]))), bytes: new Uint8Array(bytes), freshUntil };
  }

  put(url: string, { bytes, freshUntil, ...answer }: KeptPage, at: number): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO page_cache (url, answer, bytes, fresh_until, at) VALUES (?, ?, ?, ?, ?)",
      url,
      JSON.stringify(answer),
      bytes,
      freshUntil,
      at,
    );
    this.prune(at);
  }

  delete(url: string): void {
    this.sql.exec("DELETE FROM page_cache WHERE url = ?", url);
  }

  /** Old ones go, and the oldest where there are too many. */
  prune(now: number): void {
    this.sql.exec("DELETE FROM page_cache WHERE at < ?", now - KEPT_MS);
    this.sql.exec(
      "DELETE FROM page_cache WHERE url IN (SELECT url FROM (SELECT url, sum(length(bytes)) OVER (ORDER BY at DESC, url) AS total FROM page_cache) WHERE total > ?)",
      MAX_TOTAL,
    );
  }
}
