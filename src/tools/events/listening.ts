import type { Events } from "../../events/events.ts";
import type { ListenerBy } from "../../events/listeners.ts";
import type { ListenerView } from "../../events/shapes.ts";
import { MargayError } from "../../errors.ts";
import type { ListenerPort } from "./listener-port.ts";

const by = (tainted: boolean): ListenerBy => ({ author: "agent", tainted, channel: null });

/** The listeners for tools. */
export function listening(events: Pick<Events, "listeners" | "test">): ListenerPort {
  const { listeners } = events;
  const live = (id: string): ListenerView | null => listeners.list().find((one) => one.id === id) ?? null;
  return {
    list: () => listeners.list(),
    find: (reference) => meant(listeners.list(), reference),
    live,
    add: async (input, { key, tainted }) => (await listeners.add(input, by(tainted), key)).listener,
    setStatus: (id, status, { tainted }) => listeners.update(id, { status }, by(tainted)),
    delete: (id, { tainted }) => listeners.delete(id, by(tainted)),
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
