import { and, desc, eq, gt, isNull, lte, ne, sql } from "drizzle-orm";
import type { Database } from "./database.ts";
import { insertAccount, type NewAccount } from "./new-account.ts";
import { invitation } from "./schema.ts";
import { findUserByEmail } from "./users.ts";

export type InvitationRow = typeof invitation.$inferSelect;

const open = (tokenHash: string, now: number) =>
  and(eq(invitation.tokenHash, tokenHash), isNull(invitation.usedAt), gt(invitation.expiresAt, new Date(now)));

/**
 * Stores an invitation. An earlier one for the same email that was not used goes, and so do all that expired. False: that earlier one is an admin's and
 * `replaceAdmins` is not said; nothing changed.
 */
export async function putInvitation(
  db: Database,
  of: { tokenHash: string; email: string; name: string; role: "admin" | "user"; createdBy: string; now: number; expiresAt: number },
  { replaceAdmins }: { replaceAdmins: boolean },
): Promise<boolean> {
  const { tokenHash, email, name, role, createdBy, now, expiresAt } = of;
  const kept = replaceAdmins ? undefined : ne(invitation.role, "admin");
  const admins = sql`EXISTS (SELECT 1 FROM ${invitation} WHERE email = ${email} AND used_at IS NULL)`;
  const [, , made] = await db.batch([
    db.delete(invitation).where(and(lte(invitation.expiresAt, new Date(now)), isNull(invitation.usedAt))),
    db.delete(invitation).where(and(eq(invitation.email, email), isNull(invitation.usedAt), kept)),
    // An `INSERT … SELECT` of drizzle names every column, in the order of the schema.
    db
      .insert(invitation)
      .select(sql`SELECT ${tokenHash}, ${email}, ${name}, ${role}, ${createdBy}, ${now}, ${expiresAt}, NULL, NULL WHERE NOT ${admins}`)
      .returning({ tokenHash: invitation.tokenHash }),
  ]);
  return made.length === 1;
}

/** An invitation that can still be accepted; null: unknown, used or expired. */
export async function findOpenInvitation(db: Database, tokenHash: string, now: number): Promise<InvitationRow | null> {
  return (await db.select().from(invitation).where(open(tokenHash, now)).get()) ?? null;
}

/** Invitations that can still be accepted, newest first. */
export function openInvitations(db: Database, now: number): Promise<InvitationRow[]> {
  return db
    .select()
    .from(invitation)
    .where(and(isNull(invitation.usedAt), gt(invitation.expiresAt, new Date(now))))
    .orderBy(desc(invitation.createdAt), desc(invitation.tokenHash));
}

/** False: no such invitation that is not used. */
export async function deleteInvitation(db: Database, tokenHash: string): Promise<boolean> {
  const rows = await db
    .delete(invitation)
    .where(and(eq(invitation.tokenHash, tokenHash), isNull(invitation.usedAt)))
    .returning({ tokenHash: invitation.tokenHash });
  return rows.length === 1;
}

/** Statement for a `db.batch()`: withdraws what a user invited to and nobody accepted yet. */
export const deleteInvitationsBy = (db: Database, userId: string) =>
  db.delete(invitation).where(and(eq(invitation.createdBy, userId), isNull(invitation.usedAt)));

/**
 * Makes the account and uses the invitation up, in one transaction: of two that come together only one succeeds. False: the
 * invitation was used, withdrawn or expired, or its email got an account by another way.
 */
export async function acceptInvitation(db: Database, tokenHash: string, of: NewAccount): Promise<boolean> {
  const stillOpen = sql`EXISTS (SELECT 1 FROM ${invitation} WHERE token_hash = ${tokenHash} AND used_at IS NULL AND expires_at > ${of.now})`;
  try {
    const [, , used] = await db.batch([
      ...insertAccount(db, of, stillOpen),
      db
        .update(invitation)
        .set({ usedAt: new Date(of.now), usedBy: of.userId })
        .where(open(tokenHash, of.now))
        .returning({ tokenHash: invitation.tokenHash }),
    ]);
    return used.length === 1;
  } catch (error) {
    if ((await findUserByEmail(db, of.email)) !== null) return false;
    throw error;
  }
}
