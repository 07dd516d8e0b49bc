import { sameText } from "../../auth/same-text.ts";
import type { Env } from "../../env.ts";
import { base64url } from "../../secrets/bytes.ts";
import { derivedKey } from "../../secrets/keys.ts";

/** What Telegram sends back with every update of a bot (`secret_token` of setWebhook): 43 characters of base64url. */
export async function webhookSecret(env: Env, bot: string): Promise<{ secret: string; keyId: string }> {
  const key = await derivedKey(env, "telegram-webhook", bot);
  return { secret: base64url(key.bytes), keyId: key.keyId };
}

/**
 * Whether a delivery carries the bot's secret. After a change of `MASTER_KEY` the earlier secrets are good too, until the webhook is set
 * again. Compared in constant time, whether or not there is such a bot.
 */
export async function secretMatches(env: Env, bot: string, given: string | null): Promise<boolean> {
  if (given === null || given === "" || given.length > 256) return false;
  const key = await derivedKey(env, "telegram-webhook", bot);
  const checks = await Promise.all([key, ...key.retired].map(({ bytes }) => sameText(base64url(bytes), given)));
  return checks.includes(true);
}
