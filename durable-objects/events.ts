import type { Occasions } from "../src/agent/occasions.ts";
import type { Operations } from "../src/agent/operations.ts";
import { database } from "../src/db/database.ts";
import { dropHook, putHook } from "../src/db/hooks.ts";
import { ListenerEventStore } from "../src/db/object/listener-events.ts";
import { ListenerStore } from "../src/db/object/listeners.ts";
import { RobotsStore } from "../src/db/object/robots.ts";
import { askModel } from "../src/events/ask-model.ts";
import { Events } from "../src/events/events.ts";
import { Robots } from "../src/events/robots/robots.ts";
import { settingsOf } from "../src/env.ts";
import { log } from "../src/log.ts";
import { base64url } from "../src/secrets/bytes.ts";
import type { Playbooks } from "../src/plans/playbooks.ts";
import type { TaskStarter } from "../src/tasks/task-starter.ts";
import { listening } from "../src/tools/events/listening.ts";
import { ownModel } from "../src/models/own-model.ts";
import type { AwayDeps } from "./away.ts";

/** The part of the away work that events need. */
export type EventDeps = Pick<
  AwayDeps,
  "host" | "inbox" | "messages" | "models" | "vault" | "egress" | "transaction" | "timeZone" | "newId" | "agent"
> & {
  occasions(): Occasions;
  tasks: TaskStarter;
  playbooks: Playbooks;
};

/** On whose account a model is asked. */
const AGENT = "event";
/** 192 bits. */
const HOOK_ID_BYTES = 24;

/** Wires what happens outside: hooks, feeds, pages. No rule lives here. */
export function createEvents({
  host,
  inbox,
  messages,
  models,
  transaction,
  timeZone,
  newId,
  agent,
  vault,
  egress,
  occasions,
  tasks,
  playbooks,
}: EventDeps) {
  const { env, userId, now, storage } = host;
  const events = new Events({
    store: new ListenerStore(storage.sql),
    events: new ListenerEventStore(storage.sql),
    vault,
    directory: {
      put: async (id) => putHook(await database(env), { id, userId, now: now() }),
      drop: async (id) => dropHook(await database(env), userId, id),
    },
    egress,
    robots: new Robots({ egress, store: new RobotsStore(storage.sql), now }),
    occasions,
    tasks,
    playbooks,
    ask: (question, event) => askModel(question, event, () => ownModel(models, AGENT, newId)),
    scrub: (texts) => agent().scrub(texts),
    suspended: () => agent().suspended(),
    takesMail: () => settingsOf(env).settings.EMAIL_DOMAIN !== undefined,
    audit: (entry) => agent().audit(entry),
    transaction,
    wakeAt: (time) => host.wakeAt({ id: "event", fn: "event", time }),
    background: (work) => host.background(work),
    timeZone,
    random: () => Math.random(),
    newId,
    newHookId: () => base64url(crypto.getRandomValues(new Uint8Array(HOOK_ID_BYTES))),
    log,
    now,
  });
  const operations: Pick<Operations, Extract<keyof Operations, `listener.${string}`>> = events.operations();
  return { events, operations, port: listening({ events, inbox, messages }) };
}
