import type { FiringDeps } from "./firing.ts";
import { markOf, nameOf } from "./listener.ts";

/** Why one is paused that cannot be read. */
const UNREADABLE = "It could not be read any more, as one that another version of Margay wrote.";

/** Pauses listeners that cannot be read, so that they hold up no other, settles what waits for them, and says so. What they are stays as it is written. Gives whether the user was told something. */
export function setAside({
  store,
  events,
  occasions,
  transaction,
  audit,
  now,
}: Pick<FiringDeps, "store" | "events" | "occasions" | "transaction" | "audit" | "now">): boolean {
  const found = store.unreadable();
  for (const listener of found) {
    const { id, tainted } = listener;
    transaction(() => {
      store.update(id, { status: "paused", pausedBecause: UNREADABLE, updatedAt: now() });
      events.settle(
        events.waiting(id).map(({ seq }) => seq),
        { outcome: "paused", why: UNREADABLE },
      );
      audit({
        kind: "listener",
        event: "paused",
        actor: "system",
        channel: "agent",
        subject: id,
        tainted,
        summary: `Paused ${markOf(listener)}: its row cannot be read`,
      });
      occasions().tell({
        route: "event",
        key: `${id}:unreadable:${now()}`,
        text: `I paused ${nameOf(listener)}: what it was to do cannot be read any more. The others go on. Make it anew if you still want it; should another version of me be able to read it, it is on the page of listeners again, switched off.`,
        tainted,
        replyTo: occasions().home(),
      });
    });
  }
  return found.length > 0;
}
