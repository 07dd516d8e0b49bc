import { webhookSecrets } from "../src/channels/webhook/secret.ts";
import { type Env, settingsOf } from "../src/env.ts";
import type { Vault } from "../src/secrets/vault.ts";

/** Gives a secret that a channel's driver needs for one call; null: not set. */
export const channelSecrets =
  (env: Env, userId: string, vault: Vault) =>
  async (name: string): Promise<string | null> => {
    if (name === "telegram:shared") return settingsOf(env).settings.TELEGRAM_BOT_TOKEN ?? null;
    if (name === "webhook:signing") return (await webhookSecrets(env, userId))?.current ?? null;
    return vault.get(name);
  };
