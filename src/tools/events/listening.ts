import type { Events } from "../../events/events.ts";
import type { ListenerBy } from "../../events/listeners.ts";
import type { ListenerView } from "../../events/shapes.ts";
import { MargayError } from "../../errors.ts";
import type { InboxStore } from "../../db/object/inbox.ts";
import type { MessageStore } from "../../db/object/messages.ts";
import type { ListenerPort, ListenerSaid } from "./listener-port.ts";

interface ListeningDeps {
  events: Pick<Events, "listeners" | "test">;
  inbox: Pick<InboxStore, "get" | "ofTurn">;
  messages: MessageStore;
}

/** The listeners for tools: what a command makes is the user's own, what a model writes is the agent's. */
export function listening({ events, inbox, messages }: ListeningDeps): ListenerPort {
  const { listeners } = events;
  const by = ({ key, tainted }: ListenerSaid): ListenerBy => {
    // The id of a call begins with its turn's; what answers itself, as a command does, has its message for a turn.
    const turnId = key.split(":")[0] ?? "";
    const typed = inbox.get(turnId)?.turnId === turnId;
    return typed
      ? { author: "user", tainted, channel: messages.get(turnId)?.channel ?? null }
      : { author: "agent", tainted, channel: null };
  };
  const live = (id: string): ListenerView | null => listeners.list().find((one) => one.id === id) ?? null;
  return {
    list: () => listeners.list(),
    find: (reference) => meant(listeners.list(), reference),
    live,
    add: async (input, said) => (await listeners.add(input, by(said), said.key)).listener,
    setStatus: (id, status, said) => listeners.update(id, { status }, by(said)),
    delete: (id, said) => listeners.delete(id, by(said)),
    test: (id) => events.test(id, { headers: {}, dry_run: true }),
  };
}

/** The one meant. Throws `not_found`, and `conflict` naming those that several words fit. */
export function meant(all: readonly ListenerView[], reference: string): ListenerView {
  const wanted = reference
    .trim()
    .toLowerCase()
    .replace(/^(?:listener\s+)?(?:#|no\.?\s|number\s)?\s*/u, "");
  const numbered = /^\d{1,6}$/u.test(wanted) ? all.filter(({ number }) => number === Number(wanted)) : [];
  const named = /^[0-9a-f-]{6,36}$/u.test(wanted) ? all.filter(({ id }) => id.startsWith(wanted)) : [];
  const titled = all.filter(({ title }) => title.toLowerCase().includes(wanted));
  const found = [numbered, named, titled].find((some) => some.length > 0) ?? [];
  const [only, other] = found;
  if (only && !other) return only;
  if (!only) throw new MargayError("not_found", `No listener fits “${reference.slice(0, 100)}”.`);
  throw new MargayError(
    "conflict",
    `Several fit: ${found
      .slice(0, 5)
      .map(({ number, title }) => `${number} “${title}”`)
      .join(", ")}. Say the number.`,
  );
}
