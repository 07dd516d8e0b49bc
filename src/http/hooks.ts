import { z } from "zod";
import { database } from "../db/database.ts";
import { hookOwner } from "../db/hooks.ts";
import type { Env } from "../env.ts";
import { type HookAnswer, type HookRequest, hookRefused } from "../events/receive-hook.ts";
import { anyMatches } from "../events/signatures/hmac-sha256.ts";
import { userMark } from "../log.ts";
import { askNamedAgent } from "./ask-named-agent.ts";
import { MAX_BODY, readBytes } from "./body.ts";
import { RateLimit } from "./rate-limit.ts";
import { defineRoute, type Route } from "./route.ts";

/** What one service may send to one address in a minute, in one isolate. */
const HOOK_RATE = new RateLimit(300, 60_000);

/** How many headers are handed on, and how long each; a signature header of Stripe with all its parts is some hundred characters. */
const MAX_HEADERS = 60;
const MAX_HEADER = 2_000;

const Taken = z.object({ outcome: z.string() });

/**
 * Where services post events. What is here belongs to nobody until the signature is right, and whose it is is known only after the address was looked up: the user's object verifies it with a secret that the Worker never sees.
 * An address that does not exist gets the answer of a wrong signature, for about the same work.
 */
export const hookRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/hooks/{id}",
    who: "signed",
    tag: "Listeners",
    summary: "Where a service posts what happened, signed as the listener says",
    params: z.object({ id: z.string() }),
    // The signature covers the bytes, so the handler reads them itself.
    bodyKind: "bytes",
    headers: {
      "X-Hub-Signature-256": "GitHub's.",
      "Stripe-Signature": "Stripe's.",
      "X-Slack-Signature": "Slack's, with X-Slack-Request-Timestamp.",
      "webhook-signature": "Standard Webhooks', with webhook-id and webhook-timestamp.",
    },
    responses: {
      200: {
        description: "A service that asks whether the address works: what it wants to read. Or: it had come before.",
        schema: z.unknown(),
      },
      202: { description: "Taken, and kept. `outcome` says whether it waits to be acted on.", schema: Taken },
      401: { description: "`unauthorized`: not rightly signed, too old, or no such address." },
      413: { description: "`payload_too_large`: more than 1 MiB." },
      429: { description: "`rate_limited`: more than 300 in a minute." },
    },
    async handle({ env, request, params: { id }, log }) {
      HOOK_RATE.take(id.slice(0, 100), Date.now());
      const body = await readBytes(request, MAX_BODY);
      const owner = /^[\w-]{32}$/u.test(id) ? await hookOwner(await database(env), id) : null;
      const answer = owner === null ? await nobody(body) : await ask(env, owner, { hookId: id, headers: headersOf(request), body });
      if (owner !== null) log({ user: await userMark(owner), via: "signature" });
      if ("challenge" in answer) return new Response(answer.challenge, { headers: { "content-type": "text/plain; charset=utf-8" } });
      log({ outcome: answer.outcome });
      return Response.json({ outcome: answer.outcome } satisfies z.infer<typeof Taken>, {
        status: answer.outcome === "duplicate" ? 200 : 202,
      });
    },
  }),
];

/** The work that a wrong signature takes, for nobody. */
async function nobody(body: Uint8Array): Promise<never> {
  await anyMatches([NO_SECRET], [NO_SIGNATURE], new Uint8Array(body));
  throw hookRefused();
}
const NO_SECRET = new Uint8Array(32).fill(1);
const NO_SIGNATURE = new Uint8Array(32);

/** Asks the object of the address's owner. Whoever posts learns nothing about the user: suspended ones are refused like wrong signatures. */
async function ask(env: Env, userId: string, request: HookRequest): Promise<HookAnswer> {
  const answer = await askNamedAgent(env, userId, "listener.receive", request);
  if (answer === null) throw hookRefused();
  return answer;
}

const headersOf = (request: Request): Record<string, string> =>
  Object.fromEntries(
    [...request.headers]
      .filter(([name]) => !["cookie", "authorization"].includes(name))
      .slice(0, MAX_HEADERS)
      .map(([name, value]) => [name, value.slice(0, MAX_HEADER)]),
  );
