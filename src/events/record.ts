import { sha256Hex } from "../audit/hash.ts";
import type { ListenerEventStore, NewEvent } from "../db/object/listener-events.ts";
import type { ListenerStore } from "../db/object/listeners.ts";
import { holds } from "./condition.ts";
import type { Incoming } from "./incoming.ts";
import type { StoredListener } from "./listener.ts";
import type { FiringOutcome, ListenerWhen } from "./shapes.ts";

export interface RecordDeps {
  store: ListenerStore;
  events: ListenerEventStore;
  /** UTC milliseconds. */
  now(): number;
}

/** Waiting events of a listener whose whole content is kept, and those that wait at all. */
const WHOLE = 40;
const MAX_WAITING = 1_000;
/** A repeat is noted at most this often: whoever sends the same again and again shall not push everything else out of the log. */
const DUPLICATE_EVERY_MS = 60_000;

/** Whether the fields of an event are as the conditions want them; no condition: they are. */
export const fieldsHold = (fields: Incoming["fields"], { match, fields: conditions }: Pick<ListenerWhen, "match" | "fields">): boolean =>
  conditions.length === 0 ||
  (match === "all" ? conditions.every((one) => holds(fields, one)) : conditions.some((one) => holds(fields, one)));

/** Notes that these have come, and gives those that had not. Part of the caller's transaction. */
export function unseen({ events, now }: Pick<RecordDeps, "events" | "now">, listenerId: string, incoming: readonly Incoming[]): Incoming[] {
  return incoming.filter(({ key, bytesKey, repeatMs }) => {
    // Both are noted, so that a repeat is known by either.
    const fresh = [key, ...(bytesKey === null ? [] : [`bytes ${bytesKey}`])].map((one) =>
      events.see(listenerId, sha256Hex(one).slice(0, 32), now(), repeatMs),
    );
    return !fresh.includes(false);
  });
}

/** Writes a repeat down, unless one was a moment ago. Part of the caller's transaction. */
export function recordDuplicate({ events, now }: Pick<RecordDeps, "events" | "now">, listener: StoredListener, { title }: Incoming): void {
  const newest = events.newest(listener.id);
  if (newest?.outcome === "duplicate" && now() - newest.at < DUPLICATE_EVERY_MS) return;
  events.add(listener.id, { at: now(), outcome: "duplicate", why: "It had come before.", title, content: "", dueAt: null });
}

/**
 * Writes down what came to a listener, each once, with what its fields decide: from here on it is known, and what waits is acted on whatever happens. Part of the caller's transaction; gives what became of each.
 */
export function recordEvents({ store, events, now }: RecordDeps, listener: StoredListener, incoming: readonly Incoming[]): FiringOutcome[] {
  const outcomes = incoming.map((event) => {
    const row = rowOf(events, listener, event, now());
    events.add(listener.id, row);
    return row.outcome;
  });
  if (incoming.length > 0) {
    const { events: before } = store.get(listener.id) ?? listener;
    store.update(listener.id, { events: before + incoming.length, lastEventAt: now() });
  }
  return outcomes;
}

function rowOf(events: ListenerEventStore, listener: StoredListener, { title, content, fields, nothing }: Incoming, at: number): NewEvent {
  const ended = (outcome: FiringOutcome, why: string): NewEvent => ({ at, outcome, why, title, content, dueAt: null });
  if (nothing !== null) return ended("filtered", nothing);
  if (listener.status === "paused") return ended("paused", "The listener is paused.");
  if (!fieldsHold(fields, listener.when)) return ended("filtered", "Its fields are not as the conditions want them.");
  const waiting = events.waitingCount(listener.id);
  if (waiting >= MAX_WAITING) return ended("throttled", `${MAX_WAITING} wait already.`);
  // Those that come while one waits go with it: the window begins with the first.
  const dueAt = events.firstDue(listener.id) ?? at + listener.batchSeconds * 1000;
  return { at, outcome: "waiting", why: null, title, content, dueAt, whole: waiting < WHOLE };
}
