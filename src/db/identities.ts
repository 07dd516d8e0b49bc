import { and, asc, eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { identity as identities, user as users } from "./schema.ts";

export type IdentityRow = typeof identities.$inferSelect;

/** A sender's user, with what a channel needs to act as them. */
export interface IdentityOwner {
  userId: string;
  role: "owner" | "admin" | "user";
  suspended: boolean;
  email: string;
  name: string;
  authVersion: number;
}

/** Who speaks as `identity` (`telegram:<bot>:<senderId>`); null: nobody. */
export async function findIdentity(db: Database, identity: string): Promise<IdentityOwner | null> {
  const row = await db
    .select({
      userId: users.id,
      role: users.role,
      suspended: users.suspended,
      email: users.email,
      name: users.name,
      authVersion: users.authVersion,
    })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(eq(identities.identity, identity))
    .get();
  return row ?? null;
}

/**
 * Links an identity to a user. `taken`: it already speaks as somebody else, and stays so; linking again to the same user only
 * updates the label.
 */
export async function linkIdentity(
  db: Database,
  link: { identity: string; userId: string; label: string; now: number },
): Promise<"linked" | "taken"> {
  const { identity, userId, label, now } = link;
  const rows = await db
    .insert(identities)
    .values({ identity, userId, label, linkedAt: new Date(now) })
    .onConflictDoUpdate({ target: identities.identity, set: { label }, setWhere: eq(identities.userId, userId) })
    .returning({ identity: identities.identity });
  return rows.length === 1 ? "linked" : "taken";
}

/** False: this user has no such identity. */
export async function unlinkIdentity(db: Database, userId: string, identity: string): Promise<boolean> {
  const rows = await db
    .delete(identities)
    .where(and(eq(identities.identity, identity), eq(identities.userId, userId)))
    .returning({ identity: identities.identity });
  return rows.length === 1;
}

/** A user's identities, oldest first. */
export function identitiesOf(db: Database, userId: string): Promise<IdentityRow[]> {
  return db.select().from(identities).where(eq(identities.userId, userId)).orderBy(asc(identities.linkedAt), asc(identities.identity));
}
