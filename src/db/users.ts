import { and, asc, eq, gte, or, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { account, apikey, invitation, session, usageDay, user } from "./schema.ts";

export type UserRow = typeof user.$inferSelect;

export async function findUser(db: Database, id: string): Promise<UserRow | null> {
  return (await db.select().from(user).where(eq(user.id, id)).get()) ?? null;
}

/** `email` in lower case. */
export async function findUserByEmail(db: Database, email: string): Promise<UserRow | null> {
  return (await db.select().from(user).where(eq(user.email, email)).get()) ?? null;
}

export async function findOwner(db: Database): Promise<UserRow | null> {
  return (await db.select().from(user).where(eq(user.role, "owner")).get()) ?? null;
}

/** The password hash of a user's credential account; null: they have none. */
export async function passwordHashOf(db: Database, userId: string): Promise<string | null> {
  const row = await db
    .select({ password: account.password })
    .from(account)
    .where(and(eq(account.userId, userId), eq(account.providerId, "credential")))
    .get();
  return row?.password ?? null;
}

/** A user as the Owner page lists them. Costs are of the UTC day and month of `now`, in millionths of a dollar. */
export interface UserWithCost extends UserRow {
  todayMicroUsd: number;
  monthMicroUsd: number;
}

/** Everyone, oldest first, with what they cost. Calls of unknown price count as zero. */
export async function listUsersWithCost(db: Database, now: number): Promise<UserWithCost[]> {
  const day = new Date(now).toISOString().slice(0, 10);
  const spent = db
    .select({
      userId: usageDay.userId,
      today: sql<number>`sum(iif(${usageDay.day} = ${day}, coalesce(${usageDay.microUsd}, 0), 0))`.as("today"),
      month: sql<number>`sum(coalesce(${usageDay.microUsd}, 0))`.as("month"),
    })
    .from(usageDay)
    .where(and(gte(usageDay.day, `${day.slice(0, 7)}-01`), sql`${usageDay.day} <= ${day}`))
    .groupBy(usageDay.userId)
    .as("spent");
  const rows = await db
    .select({ row: user, today: spent.today, month: spent.month })
    .from(user)
    .leftJoin(spent, eq(spent.userId, user.id))
    .orderBy(asc(user.createdAt), asc(user.id));
  return rows.map(({ row, today, month }) => ({ ...row, todayMicroUsd: today ?? 0, monthMicroUsd: month ?? 0 }));
}

// --- Statements: run them together in one `db.batch()`, so that a revocation and its new generation are one change. -----------------

/** A new access generation: every cached sign-in of this user becomes stale. */
export const bumpAuthVersion = (db: Database, userId: string) =>
  db
    .update(user)
    .set({ authVersion: sql`${user.authVersion} + 1` })
    .where(eq(user.id, userId));

/** What an admin may change. Amounts are millionths of a US dollar, null: no cap. */
export interface AccessPatch {
  role?: "admin" | "user" | undefined;
  suspended?: boolean | undefined;
  dayCapMicroUsd?: number | null | undefined;
  monthCapMicroUsd?: number | null | undefined;
}

export const updateAccess = (db: Database, userId: string, patch: AccessPatch, now: number) =>
  db
    .update(user)
    .set({ ...patch, updatedAt: new Date(now), authVersion: sql`${user.authVersion} + 1` })
    .where(eq(user.id, userId))
    .returning();

export const deleteSessionsOf = (db: Database, userId: string) => db.delete(session).where(eq(session.userId, userId));

export const deleteApiKeysOf = (db: Database, userId: string) => db.delete(apikey).where(eq(apikey.referenceId, userId));

export const setPasswordHash = (db: Database, userId: string, hash: string, now: number) =>
  db
    .update(account)
    .set({ password: hash, updatedAt: new Date(now) })
    .where(and(eq(account.userId, userId), eq(account.providerId, "credential")));

/** Deletes the account; everything that refers to it goes with it (foreign keys), its roll-ups, and the invitations with their email. */
export async function deleteUser(db: Database, userId: string): Promise<void> {
  const email = sql`(SELECT ${user.email} FROM ${user} WHERE ${user.id} = ${userId})`;
  await db.batch([
    db.delete(usageDay).where(eq(usageDay.userId, userId)),
    db.delete(invitation).where(or(eq(invitation.usedBy, userId), sql`${invitation.email} = ${email}`)),
    db.delete(user).where(eq(user.id, userId)),
  ]);
}

/** Notes that a user was here. */
export async function touchUser(db: Database, userId: string, now: number): Promise<void> {
  await db
    .update(user)
    .set({ lastActiveAt: new Date(now) })
    .where(eq(user.id, userId));
}
