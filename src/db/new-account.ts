import { sql, type SQL } from "drizzle-orm";
import type { Database } from "./database.ts";
import { account, user } from "./schema.ts";

/** An account to be made, with the credential that better-auth's email sign-in looks for. Instants are UTC ms. */
export interface NewAccount {
  userId: string;
  accountId: string;
  email: string;
  name: string;
  role: "owner" | "admin" | "user";
  /** null: an account without a password (the loopback owner). */
  passwordHash: string | null;
  dayCapMicroUsd: number | null;
  monthCapMicroUsd: number | null;
  now: number;
}

/**
 * The statements that make an account, for a `db.batch()`. `onlyIf` is a condition such as `EXISTS (SELECT …)`: where it does not
 * hold, nothing is inserted. A taken email, or a second owner, breaks a unique index and with it the whole batch.
 */
export function insertAccount(db: Database, of: NewAccount, onlyIf: SQL = sql`1`) {
  // An `INSERT … SELECT` of drizzle names every column, so these are all of them, in the order of the schema.
  return [
    db.insert(user).select(
      sql`SELECT ${of.userId}, ${of.name}, ${of.email}, 1, NULL, ${of.now}, ${of.now}, ${of.role}, 0, 0,
            ${of.dayCapMicroUsd}, ${of.monthCapMicroUsd}, NULL WHERE ${onlyIf}`,
    ),
    db.insert(account).select(
      sql`SELECT ${of.accountId}, ${of.userId}, 'credential', ${of.userId}, NULL, NULL, NULL, NULL, NULL, NULL,
            ${of.passwordHash}, ${of.now}, ${of.now} WHERE ${of.passwordHash} IS NOT NULL AND ${onlyIf}`,
    ),
  ] as const;
}
