import { createHmac } from "node:crypto";
import type { Occasion, Telling } from "../../src/agent/occasions.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { ListenerEventStore } from "../../src/db/object/listener-events.ts";
import { ListenerStore } from "../../src/db/object/listeners.ts";
import { RobotsStore } from "../../src/db/object/robots.ts";
import { MargayError } from "../../src/errors.ts";
import { Egress } from "../../src/egress/client.ts";
import type { Fetch, Resolve } from "../../src/egress/resolve.ts";
import type { Answer } from "../../src/events/ask-model.ts";
import { Events } from "../../src/events/events.ts";
import { Robots } from "../../src/events/robots/robots.ts";
import type { HookRequest } from "../../src/events/receive-hook.ts";
import { BY_USER } from "../../src/events/listeners.ts";
import { ListenerInput, type ListenerView } from "../../src/events/shapes.ts";
import type { PlaybookStart } from "../../src/plans/playbooks.ts";
import type { NewTask } from "../../src/tasks/task-starter.ts";
import { objectStorage } from "./object-storage.ts";

export const NOW = Date.parse("2026-11-18T09:15:00Z");

/** A user's listeners on SQLite in plain Node, with a clock that the test moves; what they begin, tell and ask is noted. `fetch` is the network behind the real guarded client; `robots`: whether sites are asked what they let programs do. */
export function listenerHome({
  fetch = () => Promise.reject(new Error("nothing is there")),
  robots = false,
}: { fetch?: Fetch; robots?: boolean } = {}) {
  const storage = objectStorage();
  const clock = { now: NOW };
  const now = (): number => clock.now;
  const state = {
    answer: { is: "yes" } as Answer,
    full: false,
    /** Whether so many tasks wait that no more is taken. */
    noRoom: false,
    mail: true,
    roomMs: 60_000,
    suspended: false,
    hooksAway: false,
    fault: null as string | null,
  };
  const begun: Occasion[] = [];
  const told: Telling[] = [];
  const started: NewTask[] = [];
  const plans: PlaybookStart[] = [];
  const asked: string[] = [];
  const audited: NewAuditEntry[] = [];
  const wakes: number[] = [];
  const hooks = new Set<string>();
  const secrets = new Map<string, string>();
  let ids = 0;
  const newId = (): string => `${String(++ids).padStart(8, "0")}-0000-4000-8000-000000000000`;
  const known = new Set<string>();
  const once = <T extends { key: string }>(all: T[], one: T): "begun" | "known" => {
    if (known.has(one.key)) return "known";
    known.add(one.key);
    all.push(one);
    return "begun";
  };
  const resolve: Resolve = async () => ({ kind: "addresses", addresses: ["8.8.8.8"] });
  const reach = (): void => {
    if (state.hooksAway) throw new Error("D1 is away");
  };
  const egress = new Egress({ fetch, resolve });
  const events = new Events({
    store: new ListenerStore(storage.sql),
    events: new ListenerEventStore(storage.sql),
    vault: {
      put: async (name, value) => {
        secrets.set(name, value);
        return { name, lastFour: value.slice(-4) };
      },
      get: async (name) => secrets.get(name) ?? null,
      delete: (name) => secrets.delete(name),
    },
    directory: {
      put: async (id) => {
        reach();
        hooks.add(id);
      },
      drop: async (id) => {
        reach();
        hooks.delete(id);
      },
    },
    egress,
    robots: robots ? new Robots({ egress, store: new RobotsStore(storage.sql), now }) : { judge: async () => ({ kind: "yes" }) },
    occasions: () => ({
      begin: (occasion) => {
        if (state.fault !== null && occasion.key.startsWith(state.fault)) throw new Error("a bug");
        return state.full ? "full" : once(begun, occasion);
      },
      tell: (telling) => {
        if (state.fault === "tell") throw new Error("a bug");
        return once(told, telling);
      },
      go: async () => undefined,
      home: () => ({ channel: "web" }),
      roomAt: () => clock.now + state.roomMs,
    }),
    tasks: {
      start(task) {
        if (state.noRoom) throw new MargayError("rate_limited", "So much waits already.");
        started.push(task);
        return { id: `task${started.length}`, number: started.length };
      },
    },
    playbooks: {
      run: (start) => plans.push(start),
      check(name) {
        if (name !== "whats-new") throw new MargayError("not_found", `There is no playbook called ${name}.`);
      },
    },
    ask: async (question, { content }) => {
      asked.push(`${question} ${content}`);
      return state.answer;
    },
    scrub: async (texts) => [...texts],
    suspended: () => state.suspended,
    takesMail: () => state.mail,
    audit: (entry) => void audited.push(entry),
    transaction: (work) => storage.transactionSync(work),
    wakeAt: async (at) => void wakes.push(at),
    background: (work) => void work.catch(() => undefined),
    timeZone: () => "UTC",
    random: () => 0,
    newId,
    newHookId: () => newId().padEnd(32, "x").slice(0, 32),
    log: () => undefined,
    now,
  });
  const add = async (input: unknown): Promise<ListenerView> => (await events.listeners.add(ListenerInput.parse(input), BY_USER)).listener;
  /** The clock goes on, and what is due is done. */
  const later = async (ms: number): Promise<void> => {
    clock.now += ms;
    await events.work();
  };
  const log = (id: string) => events.listeners.firings(id, { limit: 200 }).firings;
  return { events, storage, clock, state, begun, told, started, plans, asked, audited, wakes, hooks, secrets, add, later, log };
}

let deliveries = 0;
/** A delivery as GitHub sends it, with the secret of the listener. */
export function delivery(
  { events, secrets }: Pick<ReturnType<typeof listenerHome>, "events" | "secrets">,
  id: string,
  payload: object,
  headers: Record<string, string> = {},
  secret = secrets.get(`hook:${id}`) ?? "",
): HookRequest {
  const body = new TextEncoder().encode(JSON.stringify(payload));
  return {
    hookId: events.listeners.get(id).hook_path?.replace("/hooks/", "") ?? "",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": `d-${++deliveries}`,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      ...headers,
    },
  };
}

/** What GitHub says of a pull request. */
export const pr = (number: number, more: object = {}) => ({
  action: "opened",
  number,
  pull_request: { title: `PR ${number}`, state: "open" },
  ...more,
});
