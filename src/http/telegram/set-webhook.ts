import { z } from "zod";
import { ALLOWED_UPDATES } from "../../channels/telegram/update-kinds.ts";
import { failureOf } from "../../channels/telegram/api.ts";
import { commands } from "../../commands/registry.ts";
import { database } from "../../db/database.ts";
import { readDeployment, writeDeployment } from "../../db/deployment.ts";
import { type Env, settingsOf } from "../../env.ts";
import { MargayError } from "../../errors.ts";
import { apiOf, apiRoot, idOfToken } from "./bots.ts";
import { botCommands } from "./bot-commands.ts";
import { webhookSecret } from "./webhook-secret.ts";

/** What the shared bot's webhook was set to last, so that it is set again only when something changed. */
const SetTo = z.object({ bot: z.number(), url: z.string(), keyId: z.string() });

/** The address under which Telegram reaches a bot's webhook. Throws `not_configured` where Telegram could not. */
export function webhookUrl(env: Env, requestOrigin: string, bot: string): string {
  const base = settingsOf(env).settings.PUBLIC_URL ?? requestOrigin;
  const url = `${base.replace(/\/+$/, "")}/webhooks/telegram/${bot}`;
  if (new URL(url).protocol === "https:" || isLoopback(apiRoot(env))) return url;
  throw new MargayError(
    "not_configured",
    "Telegram only calls https addresses: open Margay under its https address, or set PUBLIC_URL to it.",
  );
}

const isLoopback = (root: string | null): boolean =>
  root !== null && /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])$/.test(new URL(root).hostname);

/** Points a bot at this Margay and gives it the command list. Throws what a person can act on. */
export async function setWebhook(env: Env, token: string, bot: string, url: string): Promise<void> {
  const { secret } = await webhookSecret(env, bot);
  const api = apiOf(env, token);
  await telling(() => api.setWebhook(url, { secret_token: secret, allowed_updates: ALLOWED_UPDATES, drop_pending_updates: false }));
  await telling(() => api.setMyCommands(botCommands(commands)));
}

/** Runs a call for a signed-in person: Telegram's refusal becomes an error that says what to do. */
export async function telling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "retry")
      throw new MargayError("rate_limited", "Telegram did not take that just now. Try again in a moment.", {
        retry_after: Math.ceil((failure.afterMs ?? 5000) / 1000),
      });
    if (failure.kind === "refused" && (failure.code === 401 || failure.code === 404))
      throw new MargayError("invalid_request", "Telegram does not know this token. Copy it again from @BotFather.");
    throw new MargayError("invalid_request", `Telegram refused: ${"reason" in failure ? failure.reason : failure.kind}`);
  }
}

/** Sets the shared bot's webhook. With `onlyIfChanged`, nothing is called when it was set to the same before. */
export async function setSharedWebhook(env: Env, requestOrigin: string, now: number, onlyIfChanged: boolean): Promise<string> {
  const token = settingsOf(env).settings.TELEGRAM_BOT_TOKEN;
  if (token === undefined) throw new MargayError("not_configured", "The secret TELEGRAM_BOT_TOKEN is not set.");
  const url = webhookUrl(env, requestOrigin, "shared");
  const wanted = { bot: idOfToken(token), url, keyId: (await webhookSecret(env, "shared")).keyId };
  const db = await database(env);
  const before = onlyIfChanged ? await readDeployment(db, "telegram:shared-webhook", SetTo) : null;
  if (before && before.bot === wanted.bot && before.url === wanted.url && before.keyId === wanted.keyId) return url;
  await setWebhook(env, token, "shared", url);
  await writeDeployment(db, "telegram:shared-webhook", wanted, now);
  return url;
}
