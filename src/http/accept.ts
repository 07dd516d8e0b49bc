import type { Parsed } from "../channels/channel.ts";
import type { InboundMessage } from "../channels/message.ts";
import { MargayError } from "../errors.ts";

/** The message a channel made of a request; what it refused becomes the error of the answer. */
export function accept(parsed: Parsed): InboundMessage {
  if (parsed.kind === "message") return parsed.message;
  if (parsed.kind === "invalid") throw new MargayError(parsed.error.code, parsed.error.message, parsed.error.details);
  throw new MargayError("invalid_request", `There is nothing to answer: ${parsed.reason}.`);
}
