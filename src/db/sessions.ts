import { and, eq, gt, lte } from "drizzle-orm";
import type { Database } from "./database.ts";
import { session, user } from "./schema.ts";
import type { UserRow } from "./users.ts";

/** A live session and its user, by the token in the cookie; null: unknown or expired. */
export async function findSession(
  db: Database,
  token: string,
  now: number,
): Promise<{ id: string; expiresAt: Date; updatedAt: Date; user: UserRow } | null> {
  const row = await db
    .select({ id: session.id, expiresAt: session.expiresAt, updatedAt: session.updatedAt, user })
    .from(session)
    .innerJoin(user, eq(user.id, session.userId))
    .where(and(eq(session.token, token), gt(session.expiresAt, new Date(now))))
    .get();
  return row ?? null;
}

/** Statement for a `db.batch()`: ends one session of a user. */
export const deleteSession = (db: Database, userId: string, sessionId: string) =>
  db.delete(session).where(and(eq(session.id, sessionId), eq(session.userId, userId)));

/** Sweeps out a user's sessions that ended by themselves. */
export async function deleteExpiredSessions(db: Database, userId: string, now: number): Promise<void> {
  await db.delete(session).where(and(eq(session.userId, userId), lte(session.expiresAt, new Date(now))));
}
