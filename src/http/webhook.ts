import { z } from "zod";
import { webhookSecrets } from "../channels/webhook/secret.ts";
import { webhook, WebhookBody } from "../channels/webhook.ts";
import { database } from "../db/database.ts";
import { rotateWebhookSecret } from "../db/webhook-secrets.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { userMark } from "../log.ts";
import { accept } from "./accept.ts";
import { answered } from "./answered.ts";
import { MAX_BODY, readBytes } from "./body.ts";
import { CommandAnswer, isWaiting, responseText } from "./command.ts";
import { REPLAYED, requestKey } from "./idempotency-key.ts";
import { parseInput } from "./parse-input.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { verifySender } from "./webhook-sender.ts";

/** How long a webhook without a callback address waits for its answer, milliseconds. */
const WEBHOOK_WAIT_MS = 100_000;

/** The answer of a webhook that waited. */
export const WebhookAnswer = CommandAnswer.extend({ status: z.string(), message_id: z.string(), request_id: z.string().nullable() });

/** The answer of a webhook whose result goes to its callback address. */
export const WebhookAccepted = z.object({ accepted: z.literal(true), message_id: z.string(), request_id: z.string().nullable() });

/** The signing secret as its owner sees it; null: none was made yet. */
export const WebhookSecretView = z.object({ secret: z.string().nullable() });

const parseBody = (value: unknown): WebhookBody => parseInput(WebhookBody, value, "body");

/**
 * The key of a request. What is signed is the body, not the headers: a signed request takes its key from the body or is its own key, so that one replayed
 * within the window starts nothing whatever header comes with it.
 */
function keyOf(request: Request, body: WebhookBody, signature: string | null): string {
  if (signature !== null) return body.idempotency_key ?? signature;
  const { key, given } = requestKey(request, () => crypto.randomUUID());
  if (given && body.idempotency_key !== undefined && body.idempotency_key !== key)
    throw new MargayError("invalid_request", "Idempotency-Key and idempotency_key differ.");
  return body.idempotency_key ?? key;
}

const receive = defineRoute({
  method: "POST",
  path: "/webhook",
  who: "signed",
  tag: "Webhook",
  summary: "Let another system tell your agent what happened",
  body: WebhookBody,
  // The signature covers the bytes, so the handler reads them itself.
  bodyKind: "bytes",
  headers: {
    "X-Margay-Timestamp": "Unix seconds, at most 5 minutes off. Needed with a signature.",
    "X-Margay-Signature": "`v1=` and the hex HMAC-SHA256 of `<timestamp>.<body>` under your webhook secret, instead of an API key.",
  },
  responses: {
    200: {
      description: "Without `callback_url`: the agent's answer. What a webhook says is content to the agent, never your own word.",
      schema: WebhookAnswer,
    },
    202: {
      description:
        "With `callback_url`: accepted. The result follows as a POST to that address, signed in the same way, repeated until it is answered with 2xx or refused. Without: not answered within 100 seconds, the work goes on.",
      schema: z.union([WebhookAccepted, WebhookAnswer]),
    },
    409: { description: "This idempotency key came with another body before." },
  },
  async handle({ env, request, log }) {
    const bytes = await readBytes(request, MAX_BODY);
    const { speaker, body, signature } = await verifySender({ env, request, parse: parseBody }, bytes, Date.now());
    log({ user: await userMark(speaker.userId), via: signature === null ? "api_key" : "signature" });
    if (body.callback_url !== undefined && (await webhookSecrets(env, speaker.userId)) === null)
      throw new MargayError("not_configured", "Callbacks are signed: make a webhook secret in the settings first.");
    const message = accept(await webhook.parse({ key: keyOf(request, body, signature), body }, Date.now()));
    const receipt = await retrying(() => speaker.call((agent, caller) => agent.receive(caller, message)));
    const headers = receipt.duplicate ? { [REPLAYED]: "true" } : undefined;
    const request_id = body.idempotency_key ?? null;
    if (body.callback_url !== undefined) {
      const accepted: z.infer<typeof WebhookAccepted> = { accepted: true, message_id: receipt.messageId, request_id };
      return Response.json(accepted, { status: 202, ...(headers ? { headers } : {}) });
    }
    const outcome = await answered(speaker.call, receipt.messageId, WEBHOOK_WAIT_MS);
    const answer: z.infer<typeof WebhookAnswer> = {
      success: outcome.status === "done",
      status: outcome.status,
      response: responseText(outcome),
      actions: outcome.actions.map(({ type, status }) => ({ type, status })),
      message_id: outcome.message_id,
      request_id,
    };
    return Response.json(answer, { status: isWaiting(outcome) ? 202 : 200, ...(headers ? { headers } : {}) });
  },
});

const secretOf = async (env: Env, userId: string): Promise<z.infer<typeof WebhookSecretView>> => ({
  secret: (await webhookSecrets(env, userId))?.current ?? null,
});

export const webhookRoutes: Route[] = [
  receive,
  defineRoute({
    method: "GET",
    path: "/api/v1/webhook/secret",
    who: "session",
    tag: "Webhook",
    summary: "Your webhook signing secret",
    responses: { 200: { description: "Null until you make one.", schema: WebhookSecretView } },
    handle: ({ env, principal }) => secretOf(env, principal.userId),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/webhook/secret/rotate",
    who: "session",
    tag: "Webhook",
    summary: "Make a signing secret, or replace it; the old one stops at once",
    responses: { 200: { description: "The new one.", schema: WebhookSecretView } },
    async handle({ env, principal }) {
      await rotateWebhookSecret(await database(env), principal.userId);
      return secretOf(env, principal.userId);
    },
  }),
];
