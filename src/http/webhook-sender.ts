import { authenticate } from "../auth/authenticate.ts";
import { credentialOf } from "../auth/credential.ts";
import { webhookSecrets } from "../channels/webhook/secret.ts";
import { SIGNATURE_HEADER, TIMESTAMP_HEADER, verifyWebhook } from "../channels/webhook/signature.ts";
import { WebhookBody } from "../channels/webhook.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { parseJson } from "./body.ts";
import { type Speaker, speakerFor } from "./speaker.ts";
import { namedUser, withNamedAgent } from "./with-named-agent.ts";

/** Signs for nobody: what an unknown user's signature is compared with, so that the answer takes the same work. */
const NO_SECRET = `whsec_${"0".repeat(64)}`;

/** Who sent a webhook, and the secret of the request when it was signed. */
export interface Sender {
  speaker: Speaker;
  body: WebhookBody;
  signature: string | null;
}

const unauthorized = (): MargayError =>
  new MargayError(
    "unauthorized",
    "Send an API key as `Authorization: Bearer …`, or a valid X-Margay-Timestamp and X-Margay-Signature with `user`.",
  );

/**
 * Verifies the sender of `POST /webhook` and reads its body. A cookie is no sign-in here: the page does not send webhooks. Every failure before
 * the sender is known is the same 401: no signature, a wrong one, an old one, an unknown user, a body that names nobody.
 */
export async function verifySender(
  context: { env: Env; request: Request; parse(value: unknown): WebhookBody },
  bytes: Uint8Array,
  now: number,
): Promise<Sender> {
  const { env, request } = context;
  const signature = request.headers.get(SIGNATURE_HEADER);
  if (signature === null) {
    const principal = credentialOf(request)?.kind === "api_key" ? await authenticate(request, env, {}) : null;
    if (!principal) throw unauthorized();
    const body = context.parse(parseJson(bytes));
    return { speaker: await speakerFor({ env, request, principal }, body.user, "user"), body, signature: null };
  }
  const body = signedBody(bytes);
  // The signing secret is a credential of the user's own, like an API key, and acts with the same rights.
  const user = body?.user === undefined ? null : await namedUser(env, body.user, "api_key");
  const secrets = user && (await webhookSecrets(env, user.caller.userId));
  const signed = { timestamp: request.headers.get(TIMESTAMP_HEADER), signature, body: bytes, now };
  const checks = await Promise.all((secrets?.accepted ?? [NO_SECRET]).map((secret) => verifyWebhook(secret, signed)));
  if (!body || !user || !secrets || !checks.includes(true)) throw unauthorized();
  return {
    speaker: { userId: user.caller.userId, call: (work) => withNamedAgent(env, user, work) },
    body: context.parse(body),
    signature,
  };
}

/** What a signed body says before it is trusted: only whom it names. Null: nothing that could be verified. */
function signedBody(bytes: Uint8Array): { user?: string } | null {
  try {
    const value = parseJson(bytes);
    const user = WebhookBody.pick({ user: true }).safeParse(value);
    return user.success && typeof value === "object" && value !== null
      ? { ...value, ...(user.data.user === undefined ? {} : { user: user.data.user }) }
      : null;
  } catch (error) {
    if (error instanceof MargayError) return null;
    throw error;
  }
}
