import { and, asc, eq } from "drizzle-orm";
import type { Database } from "./database.ts";
import { telegramBot } from "./schema.ts";

export type TelegramBotRow = typeof telegramBot.$inferSelect;

export async function findTelegramBot(db: Database, botId: string): Promise<TelegramBotRow | null> {
  return (await db.select().from(telegramBot).where(eq(telegramBot.botId, botId)).get()) ?? null;
}

/** A user's own bots, oldest first. */
export function telegramBotsOf(db: Database, userId: string): Promise<TelegramBotRow[]> {
  return db.select().from(telegramBot).where(eq(telegramBot.userId, userId)).orderBy(asc(telegramBot.createdAt), asc(telegramBot.botId));
}

/** Registers a bot for a user. `taken`: another user has it, and keeps it; registering again updates the name. */
export async function putTelegramBot(
  db: Database,
  bot: { botId: string; userId: string; username: string; now: number },
): Promise<"stored" | "taken"> {
  const { botId, userId, username, now } = bot;
  const rows = await db
    .insert(telegramBot)
    .values({ botId, userId, username, createdAt: new Date(now) })
    .onConflictDoUpdate({ target: telegramBot.botId, set: { username }, setWhere: eq(telegramBot.userId, userId) })
    .returning({ botId: telegramBot.botId });
  return rows.length === 1 ? "stored" : "taken";
}

/** False: this user has no such bot. */
export async function deleteTelegramBot(db: Database, userId: string, botId: string): Promise<boolean> {
  const rows = await db
    .delete(telegramBot)
    .where(and(eq(telegramBot.botId, botId), eq(telegramBot.userId, userId)))
    .returning({ botId: telegramBot.botId });
  return rows.length === 1;
}
