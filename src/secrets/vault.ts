import { z } from "zod";
import { MargayError } from "../errors.ts";
import { utf8 } from "./bytes.ts";
import type { KeyPart } from "./derive.ts";
import type { DerivedKey } from "./keys.ts";

/** The part of the user's object's SQLite that the vault needs (`ctx.storage.sql` is one). */
export interface VaultSql {
  exec(
    query: string,
    ...bindings: (string | number | ArrayBuffer | null)[]
  ): { toArray(): Record<string, string | number | ArrayBuffer | null>[] };
}

/** What a vault is made of. */
export interface VaultDeps {
  sql: VaultSql;
  userId: string;
  /** `derivedKey(env, "vault", userId)`, fetched for each operation and not kept. */
  key(): Promise<DerivedKey>;
  /** UTC milliseconds. */
  now(): number;
}

/** How a tool may use a secret: it is put into requests to these hosts only, at this place. */
export const SecretUse = z.object({
  /** Host patterns as in `net.fetch`: `api.github.com`, `*.example.com`. */
  hosts: z.array(z.string().min(1).max(255)).min(1).max(20),
  /** `bearer`: `Authorization: Bearer <value>`. `basic`: the value is `user:password`. `header`: the value alone in the header `header`. */
  place: z.enum(["bearer", "basic", "header"]),
  header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/)
    .optional(),
});
export type SecretUse = z.infer<typeof SecretUse>;

/** A secret as lists show it. */
export interface VaultEntry {
  name: string;
  /** The last four characters; empty for a value so short that they would give it away. */
  lastFour: string;
  /** UTC milliseconds. */
  updatedAt: number;
  /** When it was last fetched to be used, UTC milliseconds; null: never. */
  usedAt: number | null;
  /** null: Margay's own use only (model keys, bot tokens). */
  use: SecretUse | null;
}

export const vaultSchema: string[] = [
  `CREATE TABLE IF NOT EXISTS vault (
    name TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    iv BLOB NOT NULL,
    sealed BLOB NOT NULL,
    last_four TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
];

/** Where a secret may go and how it is put into a request (null: it is not for tools), and when it was used. */
export const vaultUseSchema: string[] = [`ALTER TABLE vault ADD COLUMN use TEXT`, `ALTER TABLE vault ADD COLUMN used_at INTEGER`];

/** "Last used" is written at most this often. */
const TOUCH_MS = 10 * 60_000;

interface Row {
  keyId: string;
  iv: ArrayBuffer;
  sealed: ArrayBuffer;
}

/**
 * A user's secrets, encrypted at rest: AES-256-GCM under the user's own key, a random 96-bit IV for every write (NIST SP 800-38D), and
 * user id and name as additional data, so that a row moved to another user or another name does not open.
 */
export class Vault {
  readonly #deps: VaultDeps;

  constructor(deps: VaultDeps) {
    this.#deps = deps;
  }

  /** Stores or replaces a secret. The value may be any string, whatever it holds. `use` left out: one that is there may go where it may go at the moment of writing, a new one nowhere. */
  async put(name: string, value: string, use?: SecretUse | null): Promise<{ name: string; lastFour: string }> {
    const key = await this.#deps.key();
    const { iv, sealed } = await this.#seal(key, name, value);
    const lastFour = lastFourOf(value);
    this.#deps.sql.exec(
      `INSERT INTO vault (name, key_id, iv, sealed, last_four, updated_at, use) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, iv = excluded.iv, sealed = excluded.sealed,
         last_four = excluded.last_four, updated_at = excluded.updated_at${use === undefined ? "" : ", use = excluded.use"}`,
      name,
      key.keyId,
      iv,
      sealed,
      lastFour,
      this.#deps.now(),
      use ? JSON.stringify(use) : null,
    );
    return { name, lastFour };
  }

  /**
   * The value, for the one call that needs it; null: no such secret. A value under an earlier key is encrypted again under the current
   * one. Throws `not_configured` when its key is missing or it does not open; the row is kept.
   */
  async get(name: string): Promise<string | null> {
    const row = this.#row(name);
    if (row === null) return null;
    const current = await this.#deps.key();
    const key = [current, ...current.retired].find((part) => part.keyId === row.keyId);
    if (key === undefined) {
      throw new MargayError(
        "not_configured",
        `The stored secret "${name}" is encrypted under a key that is not set any more. Set MASTER_KEY_PREVIOUS to the earlier MASTER_KEY, or enter the secret again.`,
      );
    }
    const value = await this.#open(key, name, row);
    if (key !== current) await this.#rewrap(current, name, value, row);
    const now = this.#deps.now();
    this.#deps.sql.exec("UPDATE vault SET used_at = ? WHERE name = ? AND (used_at IS NULL OR used_at < ?)", now, name, now - TOUCH_MS);
    return value;
  }

  /**
   * The user's own values that open, to look for them in a text that leaves; one that does not open cannot be anywhere, and Margay's own (model keys, bot tokens) never come where such a text is
   * made. Of a sign-in (`user:password`) the password comes by itself too: a page has it so. Asks for the key once, and not at all where there are none.
   */
  async all(): Promise<{ name: string; value: string }[]> {
    const rows = this.#deps.sql
      .exec("SELECT name, key_id, iv, sealed, use FROM vault WHERE instr(name, ':') = 0 OR name LIKE 'pasted:%' ORDER BY name")
      .toArray();
    if (rows.length === 0) return [];
    const current = await this.#deps.key();
    const keys = [current, ...current.retired];
    const opened = await Promise.all(
      rows.map(async (row) => {
        const name = String(row.name);
        const key = keys.find(({ keyId }) => keyId === String(row.key_id));
        if (key === undefined || !(row.iv instanceof ArrayBuffer) || !(row.sealed instanceof ArrayBuffer)) return [];
        const value = await this.#open(key, name, { keyId: key.keyId, iv: row.iv, sealed: row.sealed }).catch(() => null);
        const use = row.use === null ? null : SecretUse.parse(JSON.parse(String(row.use)));
        return value === null ? [] : [value, ...passwordIn(value, use)].map((one) => ({ name, value: one }));
      }),
    );
    return opened.flat();
  }

  /** Says anew where a secret may go; the value stays. False: there is none of that name. */
  setUse(name: string, use: SecretUse | null): boolean {
    return (
      this.#deps.sql
        .exec(
          "UPDATE vault SET use = ?, updated_at = ? WHERE name = ? RETURNING name",
          use === null ? null : JSON.stringify(use),
          this.#deps.now(),
          name,
        )
        .toArray().length === 1
    );
  }

  /** Where a secret may go; null: there is none of that name, or it is not for tools. */
  useOf(name: string): SecretUse | null {
    return this.list().find((entry) => entry.name === name)?.use ?? null;
  }

  list(): VaultEntry[] {
    const rows = this.#deps.sql.exec("SELECT name, last_four, updated_at, used_at, use FROM vault ORDER BY name").toArray();
    return rows.map((row) => ({
      name: String(row.name),
      lastFour: String(row.last_four),
      updatedAt: Number(row.updated_at),
      usedAt: row.used_at === null ? null : Number(row.used_at),
      use: row.use === null ? null : SecretUse.parse(JSON.parse(String(row.use))),
    }));
  }

  /** False: there was none. */
  delete(name: string): boolean {
    return this.#deps.sql.exec("DELETE FROM vault WHERE name = ? RETURNING name", name).toArray().length === 1;
  }

  #row(name: string): Row | null {
    const [row] = this.#deps.sql.exec("SELECT key_id, iv, sealed FROM vault WHERE name = ?", name).toArray();
    if (row === undefined) return null;
    if (!(row.iv instanceof ArrayBuffer) || !(row.sealed instanceof ArrayBuffer)) throw new TypeError("vault row is not bytes");
    return { keyId: String(row.key_id), iv: row.iv, sealed: row.sealed };
  }

  async #seal(key: KeyPart, name: string, value: string): Promise<{ iv: ArrayBuffer; sealed: ArrayBuffer }> {
    const iv = crypto.getRandomValues(new Uint8Array(12)).buffer;
    // JSON keeps lone surrogates, which UTF-8 alone would replace.
    const plain = utf8(JSON.stringify(value));
    return { iv, sealed: await crypto.subtle.encrypt(this.#algorithm(name, iv), await aes(key, "encrypt"), plain) };
  }

  async #open(key: KeyPart, name: string, row: Row): Promise<string> {
    let plain: ArrayBuffer;
    try {
      plain = await crypto.subtle.decrypt(this.#algorithm(name, row.iv), await aes(key, "decrypt"), row.sealed);
    } catch {
      throw new MargayError("not_configured", `The stored secret "${name}" does not open: it was changed or moved. Enter it again.`);
    }
    const value: unknown = JSON.parse(new TextDecoder().decode(plain));
    if (typeof value !== "string") throw new TypeError("vault value is not a string");
    return value;
  }

  /** Only replaces the row that was read: a `put` in between wins. */
  async #rewrap(key: KeyPart, name: string, value: string, row: Row): Promise<void> {
    const { iv, sealed } = await this.#seal(key, name, value);
    this.#deps.sql.exec("UPDATE vault SET key_id = ?, iv = ?, sealed = ? WHERE name = ? AND iv = ?", key.keyId, iv, sealed, name, row.iv);
  }

  #algorithm(name: string, iv: ArrayBuffer) {
    return { name: "AES-GCM", iv, additionalData: utf8(JSON.stringify(["margay vault 1", this.#deps.userId, name])) };
  }
}

const aes = (key: KeyPart, usage: "encrypt" | "decrypt") => crypto.subtle.importKey("raw", key.bytes, "AES-GCM", false, [usage]);

/** The password of a sign-in, which a browser types into a field of its own. One that is a word is none to look for: it would be taken out of whatever says it. */
function passwordIn(value: string, use: SecretUse | null): string[] {
  const password = value.slice(value.indexOf(":") + 1);
  return use?.place === "basic" && password !== value && (password.length >= 12 || /\P{L}/u.test(password)) ? [password] : [];
}

/** By characters, not UTF-16 units, so that an emoji is not cut. */
function lastFourOf(value: string): string {
  const characters = Array.from(value);
  return characters.length < 12 ? "" : characters.slice(-4).join("");
}
