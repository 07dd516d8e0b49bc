import type { Operations } from "../src/agent/operations.ts";
import { HeartbeatStore } from "../src/db/object/heartbeats.ts";
import { approvalsEnding } from "../src/heartbeat/approvals-ending.ts";
import { decide } from "../src/heartbeat/decide.ts";
import { Heartbeat } from "../src/heartbeat/heartbeat.ts";
import { todosDue } from "../src/heartbeat/todos-due.ts";
import type { Occasions } from "../src/agent/occasions.ts";
import { log } from "../src/log.ts";
import { ownModel } from "../src/models/own-model.ts";
import type { AwayDeps } from "./away.ts";

/** On whose account a model is asked. */
const AGENT = "heartbeat";

/** Wires what the agent looks at by itself. No rule lives here. */
export function createHeartbeat(
  { host, settings, models, todos, approvals, transaction, timeZone, newId, agent }: AwayDeps,
  occasions: () => Occasions,
) {
  const { now, storage } = host;
  const heartbeat = new Heartbeat({
    settings: () => settings.user().heartbeat,
    sources: [todosDue(todos), approvalsEnding(() => approvals.pending())],
    store: new HeartbeatStore(storage.sql),
    decide: (changes) =>
      decide(changes, settings.user().heartbeat, {
        model: () => ownModel(models, AGENT, newId),
        timeZone,
        now,
      }),
    occasions,
    scrub: (texts) => agent().scrub(texts),
    suspended: () => agent().suspended(),
    audit: (entry) => agent().audit(entry),
    transaction,
    wakeAt: (time) => host.background(host.wakeAt({ id: "heartbeat", fn: "heartbeat", time })),
    timeZone,
    log,
    now,
  });
  const operations: Pick<Operations, "heartbeat.status"> = { "heartbeat.status": () => heartbeat.status() };
  return { heartbeat, operations };
}
