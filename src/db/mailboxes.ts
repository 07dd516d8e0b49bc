import { and, asc, eq, gt, lte, ne } from "drizzle-orm";
import type { Database } from "./database.ts";
import { mailbox, mailLink, user } from "./schema.ts";

export type MailLinkRow = typeof mailLink.$inferSelect;

/** Whose a mailbox is, with what mail for it needs to know. */
export interface MailboxOwner {
  userId: string;
  local: string;
  /** Whether it takes mail: it is the one its owner uses, and they are not suspended. */
  open: boolean;
}

/** Names that one user can have had. */
export const MAX_MAILBOXES = 10;
/** Addresses of one user that wait for their code. */
const MAX_LINKS = 10;

/** Whose mail comes to a local part, in lower case; null: nobody's. */
export async function findMailbox(db: Database, local: string): Promise<MailboxOwner | null> {
  const row = await db
    .select({ userId: mailbox.userId, local: mailbox.local, active: mailbox.active, suspended: user.suspended })
    .from(mailbox)
    .innerJoin(user, eq(user.id, mailbox.userId))
    .where(eq(mailbox.local, local))
    .get();
  return row ? { userId: row.userId, local: row.local, open: row.active && !row.suspended } : null;
}

/** The local part that a user's mail comes to; null: they have none yet. */
export async function mailboxOf(db: Database, userId: string): Promise<string | null> {
  const row = await db
    .select({ local: mailbox.local })
    .from(mailbox)
    .where(and(eq(mailbox.userId, userId), eq(mailbox.active, true)))
    .get();
  return row?.local ?? null;
}

/**
 * Makes a local part the one of a user. `taken`: another user has or had it; `too_many`: they had {@link MAX_MAILBOXES}. Whoever had one before may take it again. First the name is theirs,
 * then it is the one in use: however this ends, they have at most one, and nobody has somebody else's.
 */
export async function claimMailbox(
  db: Database,
  claim: { userId: string; local: string; now: number },
): Promise<"claimed" | "taken" | "too_many"> {
  const { userId, local, now } = claim;
  const own = await db.select({ local: mailbox.local }).from(mailbox).where(eq(mailbox.userId, userId));
  if (own.length >= MAX_MAILBOXES && !own.some((row) => row.local === local)) return "too_many";
  const [kept] = await db
    .insert(mailbox)
    .values({ local, userId, active: false, createdAt: new Date(now) })
    .onConflictDoUpdate({ target: mailbox.local, set: { local }, setWhere: eq(mailbox.userId, userId) })
    .returning({ local: mailbox.local });
  if (!kept) return "taken";
  await db.batch([
    db
      .update(mailbox)
      .set({ active: false })
      .where(and(eq(mailbox.userId, userId), ne(mailbox.local, local))),
    db
      .update(mailbox)
      .set({ active: true })
      .where(and(eq(mailbox.userId, userId), eq(mailbox.local, local))),
  ]);
  return "claimed";
}

/** Notes that a user wants to link an address; a newer code takes the place of the older. False: too many wait already. */
export async function putMailLink(
  db: Database,
  link: { userId: string; address: string; codeHash: string; now: number; expiresAt: number },
): Promise<boolean> {
  const { userId, address, codeHash, now, expiresAt } = link;
  await db.delete(mailLink).where(lte(mailLink.expiresAt, new Date(now)));
  const waiting = await mailLinksOf(db, userId, now);
  if (waiting.length >= MAX_LINKS && !waiting.some((row) => row.address === address)) return false;
  const values = { userId, address, codeHash, createdAt: new Date(now), expiresAt: new Date(expiresAt) };
  await db
    .insert(mailLink)
    .values(values)
    .onConflictDoUpdate({ target: [mailLink.userId, mailLink.address], set: values });
  return true;
}

/** The addresses of a user that wait for their code, oldest first. */
export function mailLinksOf(db: Database, userId: string, now: number): Promise<MailLinkRow[]> {
  return db
    .select()
    .from(mailLink)
    .where(and(eq(mailLink.userId, userId), gt(mailLink.expiresAt, new Date(now))))
    .orderBy(asc(mailLink.createdAt), asc(mailLink.address));
}

/** Uses a code: of two mails that bring it only one gets true. */
export async function takeMailLink(
  db: Database,
  link: { userId: string; address: string; codeHash: string; now: number },
): Promise<boolean> {
  const { userId, address, codeHash, now } = link;
  const rows = await db
    .delete(mailLink)
    .where(
      and(
        eq(mailLink.userId, userId),
        eq(mailLink.address, address),
        eq(mailLink.codeHash, codeHash),
        gt(mailLink.expiresAt, new Date(now)),
      ),
    )
    .returning({ address: mailLink.address });
  return rows.length === 1;
}

/** False: no such address waits. */
export async function dropMailLink(db: Database, userId: string, address: string): Promise<boolean> {
  const rows = await db
    .delete(mailLink)
    .where(and(eq(mailLink.userId, userId), eq(mailLink.address, address)))
    .returning({ address: mailLink.address });
  return rows.length === 1;
}
