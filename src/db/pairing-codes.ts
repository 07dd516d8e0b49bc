import { and, eq, gt, lte } from "drizzle-orm";
import type { Database } from "./database.ts";
import { pairingCode } from "./schema.ts";

export type PairingCodeRow = typeof pairingCode.$inferSelect;

/** A code waiting to be confirmed on the page. Only the hash of the code is stored. Instants are UTC ms. */
export interface NewPairingCode {
  codeHash: string;
  identity: string;
  bot: string;
  chatId: number;
  senderName: string;
  now: number;
  expiresAt: number;
}

/** Stores a code; the sender's earlier codes and everyone's expired ones go. */
export async function putPairingCode(db: Database, code: NewPairingCode): Promise<void> {
  const { codeHash, identity, bot, chatId, senderName, now, expiresAt } = code;
  await db.batch([
    db.delete(pairingCode).where(eq(pairingCode.identity, identity)),
    db.delete(pairingCode).where(lte(pairingCode.expiresAt, new Date(now))),
    db
      .insert(pairingCode)
      .values({ codeHash, identity, bot, chatId, senderName, createdAt: new Date(now), expiresAt: new Date(expiresAt) }),
  ]);
}

/** The sender's code that is still good, so that a second message does not make another; null: none. */
export async function livePairingCode(db: Database, identity: string, now: number): Promise<PairingCodeRow | null> {
  const row = await db
    .select()
    .from(pairingCode)
    .where(and(eq(pairingCode.identity, identity), gt(pairingCode.expiresAt, new Date(now))))
    .get();
  return row ?? null;
}

/** Looks a code up without using it; null: unknown or expired. */
export async function findPairingCode(db: Database, codeHash: string, now: number): Promise<PairingCodeRow | null> {
  const row = await db
    .select()
    .from(pairingCode)
    .where(and(eq(pairingCode.codeHash, codeHash), gt(pairingCode.expiresAt, new Date(now))))
    .get();
  return row ?? null;
}

/** Uses a code: of two that come together only one gets the row. null: unknown, expired or used. */
export async function takePairingCode(db: Database, codeHash: string, now: number): Promise<PairingCodeRow | null> {
  const [row] = await db
    .delete(pairingCode)
    .where(and(eq(pairingCode.codeHash, codeHash), gt(pairingCode.expiresAt, new Date(now))))
    .returning();
  return row ?? null;
}
