import { and, asc, eq, gt, gte, inArray, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { z } from "zod";
import type { Chunk } from "../knowledge/parsed.ts";
import type { RecordRow, RecordTable, UserRecord } from "../memory/record.ts";
import type { Database } from "./database.ts";
import { chunk, collection, document, memory } from "./schema.ts";

const TABLES = { memory, document, collection };
/** Statements in one batch at most. */
const BATCH = 50;
/** D1 takes 100 bound parameters in a statement. */
const IDS = 90;

/** D1 as the record of one user. Every query names the user that it was made for. */
export function userRecord(open: () => Promise<Database>, userId: string): UserRecord {
  async function run(db: Database, statements: BatchItem<"sqlite">[]): Promise<void> {
    for (let from = 0; from < statements.length; from += BATCH) {
      const [first, ...rest] = statements.slice(from, from + BATCH);
      if (first) await db.batch([first, ...rest]);
    }
  }
  return {
    async put(name, rows) {
      const db = await open();
      const table = TABLES[name];
      await run(
        db,
        rows.map(({ id, row, rev, updatedAt }) =>
          db
            .insert(table)
            .values({ userId, id, row, rev, updatedAt: new Date(updatedAt) })
            .onConflictDoUpdate({
              target: [table.userId, table.id],
              set: { row, rev, updatedAt: new Date(updatedAt) },
              setWhere: sql`${table.rev} < ${rev}`,
            }),
        ),
      );
    },
    async delete(name, ids) {
      const db = await open();
      const table = TABLES[name];
      for (let from = 0; from < ids.length; from += IDS)
        await db.delete(table).where(and(eq(table.userId, userId), inArray(table.id, ids.slice(from, from + IDS))));
    },
    async page(name: RecordTable, after, limit): Promise<RecordRow[]> {
      const db = await open();
      const table = TABLES[name];
      const rows = await db
        .select()
        .from(table)
        .where(and(eq(table.userId, userId), after === null ? undefined : gt(table.id, after)))
        .orderBy(asc(table.id))
        .limit(limit);
      return rows.map(({ id, row, rev, updatedAt }) => ({ id, row, rev, updatedAt: updatedAt.getTime() }));
    },
    async putChunks(documentId, chunks) {
      const db = await open();
      await run(
        db,
        chunks.map(({ position, headingPath, page, text }) => {
          const values = { headingPath: JSON.stringify(headingPath), page, text };
          return db
            .insert(chunk)
            .values({ userId, documentId, position, ...values })
            .onConflictDoUpdate({ target: [chunk.userId, chunk.documentId, chunk.position], set: values });
        }),
      );
    },
    async deleteChunks(documentId) {
      const db = await open();
      await db.delete(chunk).where(and(eq(chunk.userId, userId), eq(chunk.documentId, documentId)));
    },
    async chunks(documentId, from, limit): Promise<Chunk[]> {
      const db = await open();
      const rows = await db
        .select()
        .from(chunk)
        .where(and(eq(chunk.userId, userId), eq(chunk.documentId, documentId), gte(chunk.position, from)))
        .orderBy(asc(chunk.position))
        .limit(limit);
      return rows.map(({ position, headingPath, page, text }) => ({
        position,
        headingPath: z.array(z.string()).parse(JSON.parse(headingPath)),
        page,
        text,
      }));
    },
    async clear() {
      const db = await open();
      await run(db, [
        db.delete(chunk).where(eq(chunk.userId, userId)),
        db.delete(document).where(eq(document.userId, userId)),
        db.delete(collection).where(eq(collection.userId, userId)),
        db.delete(memory).where(eq(memory.userId, userId)),
      ]);
    },
  };
}
