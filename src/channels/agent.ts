import { fail } from "../errors.ts";
import type { Channel } from "./channel.ts";

/** What Margay begins by itself: a schedule that is due, a task that ended, an event. Nobody sends by it, and nothing is delivered by it. */
export const agent: Channel<never> = {
  id: "agent",
  delivery: "pull",
  coalesce: false,
  parse: () => ({ kind: "invalid", error: fail("invalid_request", "Nothing can be sent by this channel.").error }),
};
