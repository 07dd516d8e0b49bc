import type { UserAgentApi } from "../agent/user-agent-api.ts";
import type { Outcome } from "../agent/shapes.ts";
import type { Caller } from "../auth/principal.ts";
import type { InboundMessage } from "../channels/message.ts";
import type { Result } from "../errors.ts";
import { retrying } from "./retrying.ts";

/** The way to one user's object, as `withAgent` and `Speaker.call` give it. */
export type AgentCall = <T>(work: (agent: UserAgentApi, caller: Caller) => Promise<Result<T>>) => Promise<T>;

/** How a stored message was answered, waiting until `waitMs` have passed in all, however often the object restarts meanwhile. */
export function answered(call: AgentCall, messageId: string, waitMs: number): Promise<Outcome> {
  const deadline = Date.now() + waitMs;
  return retrying(() => call((agent, caller) => agent.outcome(caller, messageId, Math.max(0, deadline - Date.now()))));
}

/** Stores a message and waits for its answer in one call. Its key makes a repeat safe. */
export function conversed(call: AgentCall, message: InboundMessage, waitMs: number): Promise<Outcome> {
  const deadline = Date.now() + waitMs;
  return retrying(() => call((agent, caller) => agent.converse(caller, message, Math.max(0, deadline - Date.now()))));
}
