import { z } from "zod";
import { Outcome, type Receipt } from "../agent/shapes.ts";
import type { Principal } from "../auth/principal.ts";
import { ChatBody } from "../channels/chat-body.ts";
import { cli, CLI_CLIENT } from "../channels/cli.ts";
import { http } from "../channels/http.ts";
import type { InboundMessage } from "../channels/message.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { accept } from "./accept.ts";
import { type AgentCall, answered, conversed } from "./answered.ts";
import { openSocket } from "./chat-socket.ts";
import { REPLAYED, requestKey } from "./idempotency-key.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { turnStream } from "./turn-stream.ts";
import { withAgent } from "./with-agent.ts";

/** How long a request waits for its answer before it is told to come back, milliseconds. */
export const CHAT_WAIT_MS = 100_000;

type Signed = { env: Env; request: Request; principal: Principal };

const EVENTS = "Server-sent events: `event` is the type of the turn event, `id` its number, `data` its JSON; the last is `event: end`.";

const agentOf =
  (context: Signed): AgentCall =>
  (work) =>
    withAgent(context, work);

/** Stores a message; safe to repeat, since it has a key. */
const receive = (context: Signed, message: InboundMessage): Promise<Receipt> =>
  retrying(() => withAgent(context, (agent, caller) => agent.receive(caller, message)));

const wantsEvents = (request: Request): boolean => (request.headers.get("accept") ?? "").toLowerCase().includes("text/event-stream");

/** The number of the first event a client has not seen: one past its `Last-Event-ID`. */
function nextEvent(request: Request): number {
  const last = request.headers.get("last-event-id");
  if (last === null || last === "") return 0;
  // The `end` of a message that was answered long ago has the largest number there is.
  if (!/^\d{1,16}$/.test(last) || !Number.isSafeInteger(Number(last)))
    throw new MargayError("invalid_request", "Last-Event-ID must be the id of an event of this stream.");
  return Math.min(Number(last) + 1, Number.MAX_SAFE_INTEGER);
}

function streamOf(context: Signed, messageId: string, accepted?: Receipt): Promise<Response> {
  return turnStream({
    open: (from) => retrying(() => withAgent(context, (agent, caller) => agent.follow(caller, messageId, from))),
    from: nextEvent(context.request),
    ...(accepted
      ? {
          accepted: {
            message_id: accepted.messageId,
            turn_id: accepted.turnId,
            duplicate: accepted.duplicate,
            ...(accepted.notes ? { notes: accepted.notes } : {}),
          },
        }
      : {}),
    ...(accepted?.duplicate ? { headers: { [REPLAYED]: "true" } } : {}),
  });
}

function answer(outcome: Outcome, replayed: boolean): Response {
  const waiting = outcome.status === "queued" || outcome.status === "running";
  const headers = new Headers(replayed ? { [REPLAYED]: "true" } : {});
  if (waiting) {
    headers.set("location", `/api/v1/chat/${encodeURIComponent(outcome.message_id)}`);
    headers.set("retry-after", "2");
  }
  return Response.json(outcome, { status: waiting ? 202 : 200, headers });
}

const send = defineRoute({
  method: "POST",
  path: "/api/v1/chat",
  who: "user",
  tag: "Chat",
  summary: "Send a message and get the answer, as JSON or as a stream of events",
  body: ChatBody,
  headers: {
    "Idempotency-Key":
      "1 to 255 visible ASCII characters. A repeat with the same body gets the first one's outcome; another body is a 409.",
    Accept: "`text/event-stream` streams the turn; anything else waits for the answer.",
    "X-Margay-Client": "`cli` marks what was typed at a command line.",
    "Last-Event-ID": "With the same Idempotency-Key and body: go on with a cut stream behind this event.",
  },
  responses: {
    200: { description: "The answer. A turn that failed has status `failed` and says why in `error`. " + EVENTS, schema: Outcome },
    202: { description: "Not answered within 100 seconds; the turn goes on. Ask again at `Location`.", schema: Outcome },
    404: { description: "`not_found`: a file of `files` is none of yours." },
    409: { description: "This Idempotency-Key came with another body before." },
  },
  async handle(context) {
    const { request, principal, body } = context;
    const { key, given } = requestKey(request, () => crypto.randomUUID());
    const channel = request.headers.get("x-margay-client") === CLI_CLIENT ? cli : http;
    const message = accept(await channel.parse({ userId: principal.userId, key, body }, Date.now()));
    if (wantsEvents(request)) {
      if (nextEvent(request) > 0 && !given)
        throw new MargayError("invalid_request", "Last-Event-ID needs the Idempotency-Key of the request whose stream was cut.");
      const receipt = await receive(context, message);
      return streamOf(context, receipt.messageId, receipt);
    }
    if (!given) return answer(await conversed(agentOf(context), message, CHAT_WAIT_MS), false);
    const receipt = await receive(context, message);
    return answer(await answered(agentOf(context), receipt.messageId, CHAT_WAIT_MS), receipt.duplicate);
  },
});

const socket = defineRoute({
  method: "GET",
  path: "/api/v1/chat/stream",
  who: "user",
  tag: "Chat",
  summary: "WebSocket of the page: messages, turn events and history as they happen",
  headers: { Upgrade: "`websocket`" },
  responses: {
    101: { description: "Speaks JSON frames: `say`, `cancel`, `resume`, `edit`, `regenerate`, `ping`." },
    426: { description: "Not a WebSocket upgrade." },
  },
  handle: (context) => openSocket(context),
});

const cancel = defineRoute({
  method: "POST",
  path: "/api/v1/chat/cancel",
  who: "user",
  tag: "Chat",
  summary: "Stop the running turn and drop what is queued",
  body: z.object({ turn_id: z.string().min(1).max(64).optional() }),
  responses: {
    200: {
      description: "How many turns were stopped and messages dropped.",
      schema: z.object({ stopped: z.number().int(), dropped: z.number().int() }),
    },
  },
  handle: (context) => withAgent(context, (agent, caller) => agent.cancel(caller, context.body.turn_id)),
});

const poll = defineRoute({
  method: "GET",
  path: "/api/v1/chat/{message_id}",
  who: "user",
  tag: "Chat",
  summary: "How a message was answered, or how far it is",
  params: z.object({ message_id: z.string().min(1).max(64) }),
  query: z.object({
    /** Seconds to wait for the end of the turn. */
    wait: z.coerce.number().int().min(0).max(100).default(0),
  }),
  headers: { Accept: "`text/event-stream` streams the turn.", "Last-Event-ID": "Go on behind this event." },
  responses: {
    200: { description: "The outcome; `status` says whether it is the last word. " + EVENTS, schema: Outcome },
    404: { description: "There is no such message of yours." },
  },
  handle: (context) =>
    wantsEvents(context.request)
      ? streamOf(context, context.params.message_id)
      : answered(agentOf(context), context.params.message_id, context.query.wait * 1000),
});

/** `stream` and `cancel` stand before `{message_id}`, which would match them too. */
export const chatRoutes: Route[] = [send, socket, cancel, poll];
