import type { Access } from "../../agent/shapes.ts";
import type { Caller } from "../../auth/principal.ts";
import { fail, ok, type Result } from "../../errors.ts";

/** What D1 last said about the user of this object, and which channel identities may speak for them. */
export class AccessStore {
  #cached: (Access & { userId: string }) | null = null;
  constructor(private readonly sql: SqlStorage) {}

  get(): (Access & { userId: string }) | null {
    if (this.#cached) return this.#cached;
    const row = this.sql.exec("SELECT * FROM access WHERE id = 1").toArray()[0];
    if (!row) return null;
    const role = row["role"];
    this.#cached = {
      userId: String(row["user_id"]),
      authVersion: Number(row["auth_version"]),
      role: role === "owner" || role === "admin" ? role : "user",
      suspended: row["suspended"] !== 0,
      email: String(row["email"]),
      name: String(row["name"]),
      dayCapMicroUsd: row["day_cap_micro_usd"] === null ? null : Number(row["day_cap_micro_usd"]),
      monthCapMicroUsd: row["month_cap_micro_usd"] === null ? null : Number(row["month_cap_micro_usd"]),
    };
    return this.#cached;
  }

  /** Keeps the newest of what D1 said; an older push that arrives late changes nothing. */
  set(userId: string, access: Access): void {
    const current = this.get();
    if (current && current.authVersion > access.authVersion) return;
    this.sql.exec(
      `INSERT OR REPLACE INTO access (id, user_id, auth_version, role, suspended, email, name, day_cap_micro_usd, month_cap_micro_usd)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`,
      userId,
      access.authVersion,
      access.role,
      access.suspended ? 1 : 0,
      access.email,
      access.name,
      access.dayCapMicroUsd,
      access.monthCapMicroUsd,
    );
    this.#cached = { userId, ...access };
  }

  linkIdentity(identity: string, now: number): void {
    this.sql.exec("INSERT OR REPLACE INTO identity (identity, linked_at) VALUES (?, ?)", identity, now);
  }

  unlinkIdentity(identity: string): void {
    this.sql.exec("DELETE FROM identity WHERE identity = ?", identity);
  }

  isLinked(identity: string): boolean {
    return this.sql.exec("SELECT 1 FROM identity WHERE identity = ?", identity).toArray().length === 1;
  }

  /**
   * Whether this caller may act as the user of this object. The object's name is the user's id; a caller with any other id is a
   * bug in the Worker and is refused all the same. `identity` is what a channel verified.
   */
  admit(objectName: string, caller: Caller, identity?: string): Result<null> {
    if (caller.userId !== objectName) return fail("forbidden", "This agent belongs to somebody else.");
    const access = this.get();
    // Absence denies: without an access record there are no caps to hold. The Worker pushes one from D1 and calls again.
    if (!access) return fail("stale_principal", "Sign in again.");
    if (access.suspended) return fail("suspended", "This account is suspended. Ask the owner of this Margay.");
    if (caller.via === "channel") {
      if (identity === undefined || !this.isLinked(identity)) return fail("forbidden", "This chat is not linked to an account.");
      return ok(null);
    }
    if (caller.authVersion < access.authVersion) return fail("stale_principal", "Sign in again.");
    return ok(null);
  }
}
