import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { account, passwordReset, session, user } from "./schema.ts";

/** Stores a reset link's hash. The user's earlier links that were not used go. */
export async function putPasswordReset(
  db: Database,
  of: { tokenHash: string; userId: string; createdBy: string; now: number; expiresAt: number },
): Promise<void> {
  const { now, expiresAt, ...rest } = of;
  await db.batch([
    db.delete(passwordReset).where(and(eq(passwordReset.userId, of.userId), isNull(passwordReset.usedAt))),
    db.insert(passwordReset).values({ ...rest, createdAt: new Date(now), expiresAt: new Date(expiresAt) }),
  ]);
}

/** Statement for a `db.batch()`: the links that a user made, for whomever, are not valid any more. */
export const deletePasswordResetsBy = (db: Database, userId: string) => db.delete(passwordReset).where(eq(passwordReset.createdBy, userId));

/** Statement for a `db.batch()`: the links that were made for a user are not valid any more. */
export const deletePasswordResetsOf = (db: Database, userId: string) => db.delete(passwordReset).where(eq(passwordReset.userId, userId));

const open = (tokenHash: string, now: number) =>
  and(eq(passwordReset.tokenHash, tokenHash), isNull(passwordReset.usedAt), gt(passwordReset.expiresAt, new Date(now)));

/** Whether a link can still be used. */
export async function isOpenPasswordReset(db: Database, tokenHash: string, now: number): Promise<boolean> {
  return (await db.select({ userId: passwordReset.userId }).from(passwordReset).where(open(tokenHash, now)).get()) !== undefined;
}

/**
 * Sets the new password, ends every session, starts a new access generation and uses the link up, in one transaction: of two that
 * come together only one succeeds. `accountId` is used where the user has no password yet. Returns the user; null: the link was used,
 * replaced or expired.
 */
export async function acceptPasswordReset(
  db: Database,
  tokenHash: string,
  of: { passwordHash: string; accountId: string; now: number },
): Promise<string | null> {
  const { passwordHash, accountId, now } = of;
  const stillOpen = open(tokenHash, now);
  const whose = sql`(SELECT user_id FROM ${passwordReset} WHERE ${stillOpen})`;
  // Every statement but the last sees the link unused; the last one uses it.
  const [, , , , used] = await db.batch([
    // Every column of the schema, in its order, as drizzle's `INSERT … SELECT` names them.
    db.insert(account).select(
      sql`SELECT ${accountId}, ${user.id}, 'credential', ${user.id}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ${now}, ${now} FROM ${user}
          WHERE ${user.id} = ${whose} AND NOT EXISTS (SELECT 1 FROM ${account} AS own WHERE own.user_id = ${user.id} AND own.provider_id = 'credential')`,
    ),
    db
      .update(account)
      .set({ password: passwordHash, updatedAt: new Date(now) })
      .where(and(sql`${account.userId} = ${whose}`, eq(account.providerId, "credential"))),
    db.delete(session).where(sql`${session.userId} = ${whose}`),
    db
      .update(user)
      .set({ authVersion: sql`${user.authVersion} + 1` })
      .where(sql`${user.id} = ${whose}`),
    db
      .update(passwordReset)
      .set({ usedAt: new Date(now) })
      .where(stillOpen)
      .returning({ userId: passwordReset.userId }),
  ]);
  return used[0]?.userId ?? null;
}
