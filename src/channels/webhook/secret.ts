import { database } from "../../db/database.ts";
import { webhookGeneration } from "../../db/webhook-secrets.ts";
import type { Env } from "../../env.ts";
import { derivedKey } from "../../secrets/keys.ts";
import { toHex } from "../body-hash.ts";

/** A user's webhook signing secrets as text (`whsec_` and 64 hex digits). Nothing of them is stored: they derive from the root key. */
export interface WebhookSecrets {
  /** What is shown to the user and signs what Margay sends. */
  current: string;
  /** What an incoming signature may be made with: `current`, and the same secret under the roots before a change of MASTER_KEY. */
  accepted: string[];
}

/** The signing secrets of a user; null: they have made none, so no signature is valid. Fetch them for one use; do not keep them. */
export async function webhookSecrets(env: Env, userId: string): Promise<WebhookSecrets | null> {
  const generation = await webhookGeneration(await database(env), userId);
  if (generation === null) return null;
  const { bytes, retired } = await derivedKey(env, "webhook-signing", `${userId}:${generation}`);
  return { current: text(bytes), accepted: [bytes, ...retired.map((part) => part.bytes)].map(text) };
}

const text = (bytes: Uint8Array<ArrayBuffer>): string => `whsec_${toHex(bytes.slice().buffer)}`;
