import { DurableObject } from "cloudflare:workers";
import type { Env } from "../src/env.ts";
import { deriveFrom, KeyPurpose } from "../src/secrets/derive.ts";
import type { KeyPart } from "../src/secrets/derive.ts";

/**
 * Keeps the root of every derived key where the secret `MASTER_KEY` is not set. The root is random, made once, stays in this object's
 * own storage (never in D1, R2 or a backup) and never leaves it: callers get derived keys only.
 */
export class Keyring extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS root (id INTEGER PRIMARY KEY CHECK (id = 1), bytes BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT",
    );
  }

  /** Derives a key, making the root first if there is none. */
  async derive(purpose: string, subject: string): Promise<KeyPart> {
    const root = this.#root() ?? this.#makeRoot();
    return deriveFrom(root, KeyPurpose.parse(purpose), subject);
  }

  /** Derives a key from the root that is there; null: none was ever made, and none is made now. */
  async deriveExisting(purpose: string, subject: string): Promise<KeyPart | null> {
    const root = this.#root();
    return root && deriveFrom(root, KeyPurpose.parse(purpose), subject);
  }

  #root(): Uint8Array<ArrayBuffer> | null {
    const [row] = this.ctx.storage.sql.exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM root").toArray();
    return row ? new Uint8Array(row.bytes) : null;
  }

  #makeRoot(): Uint8Array<ArrayBuffer> {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    this.ctx.storage.sql.exec("INSERT INTO root (id, bytes, created_at) VALUES (1, ?, ?)", bytes.buffer, Date.now());
    return bytes;
  }
}
