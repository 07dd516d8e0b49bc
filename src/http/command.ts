import { z } from "zod";
import type { Outcome } from "../agent/shapes.ts";
import { command, CommandBody } from "../channels/command.ts";
import { userMark } from "../log.ts";
import { accept } from "./accept.ts";
import { answered } from "./answered.ts";
import { REPLAYED, requestKey } from "./idempotency-key.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";
import { speakerFor } from "./speaker.ts";

/** How long a command waits for its answer, milliseconds. */
const COMMAND_WAIT_MS = 100_000;

/** The answer of `POST /agent/command`. */
export const CommandAnswer = z.object({
  /** Whether the agent answered; not whether it did all that was asked. */
  success: z.boolean(),
  /** The reply, Markdown; why there is none when `success` is false. */
  response: z.string(),
  /** One per tool call. */
  actions: z.array(z.object({ type: z.string(), status: z.enum(["done", "failed", "denied", "waiting"]) })),
});
export type CommandAnswer = z.infer<typeof CommandAnswer>;

export const isWaiting = ({ status }: Outcome): boolean => status === "queued" || status === "running";

/** What an outcome says in one text: the reply, or why there is none. */
export function responseText(outcome: Outcome): string {
  if (outcome.reply !== "") return outcome.reply;
  if (isWaiting(outcome)) return "Still working on it.";
  return outcome.error?.message ?? (outcome.status === "cancelled" ? "Stopped." : "");
}

export const commandRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/agent/command",
    who: "user",
    tag: "Chat",
    summary: "Tell your agent something from another system and get its answer and what it did",
    body: CommandBody,
    headers: { "Idempotency-Key": "A repeat with the same body gets the first one's outcome; another body is a 409." },
    responses: {
      200: { description: "The agent's answer.", schema: CommandAnswer },
      202: {
        description: "Not answered within 100 seconds; the work goes on and the answer will be in the history.",
        schema: CommandAnswer,
      },
      409: { description: "This Idempotency-Key came with another body before." },
    },
    async handle(context) {
      const { request, body } = context;
      const speaker = await speakerFor(context, body.user_id, "user_id");
      context.log({ for_user: await userMark(speaker.userId) });
      const { key } = requestKey(request, () => crypto.randomUUID());
      const message = accept(await command.parse({ key, body }, Date.now()));
      const receipt = await retrying(() => speaker.call((agent, caller) => agent.receive(caller, message)));
      const outcome = await answered(speaker.call, receipt.messageId, COMMAND_WAIT_MS);
      const answer: CommandAnswer = {
        success: outcome.status === "done",
        response: responseText(outcome),
        actions: outcome.actions.map(({ type, status }) => ({ type, status })),
      };
      return Response.json(answer, { status: isWaiting(outcome) ? 202 : 200, headers: receipt.duplicate ? { [REPLAYED]: "true" } : {} });
    },
  }),
];
