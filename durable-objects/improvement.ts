import type { Occasions } from "../src/agent/occasions.ts";
import type { Operations } from "../src/agent/operations.ts";
import { ImprovementStore } from "../src/db/object/improvements.ts";
import { exampleCalls, pastRequests } from "../src/db/object/past-requests.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { log } from "../src/log.ts";
import { dayOf } from "../src/memory/day-of.ts";
import { onlyRules } from "../src/models/own-model.ts";
import { improvementView } from "../src/self-improvement/improvement-view.ts";
import { Improver } from "../src/self-improvement/improver.ts";
import type { Tasks } from "../src/tasks/tasks.ts";
import type { AwayDeps } from "./away.ts";

/** Wires what finds out once a week how the agent could do better. No rule lives here. */
export function createImprovement(deps: AwayDeps, occasions: () => Occasions, tasks: Tasks) {
  const { host, settings, models, approvals, transaction, timeZone, newId, agent } = deps;
  const { now } = host;
  const { sql } = host.storage;
  const store = new ImprovementStore(sql);
  const rows = new TaskStore(sql);
  const setting = () => settings.user().selfImprovement;
  const improver = new Improver({
    setting,
    requests: (since) => pastRequests(sql, since, (at) => dayOf(at, timeZone())),
    calls: (turnId) => exampleCalls(sql, turnId),
    skills: () => deps.skills().known(),
    store,
    start: (task) => tasks.start(task),
    broke: (taskId) => rows.get(taskId)?.status === "failed" && approvals.ofTurn(taskId).length === 0,
    hasModel: () => !onlyRules(models, "smart"),
    suspended: () => agent().suspended(),
    replyTo: () => occasions().home(),
    audit: (summary) => agent().audit({ kind: "skill", event: "proposed", actor: "system", summary }),
    transaction,
    scrub: (texts) => agent().scrub(texts),
    log,
    now,
    newId,
  });
  const taskOf = (id: string) => {
    const row = rows.get(id);
    return row && { id, number: row.number, status: row.status };
  };
  const operations: Pick<Operations, "improvements.status"> = {
    "improvements.status": () => ({
      setting: setting(),
      last_look_at: store.lastLook(),
      next_look_at: improver.next(),
      found: improver.found().map(({ terms: _, turn_ids: __, ...finding }) => finding),
      improvements: store
        .all()
        .map((row) => improvementView(row, taskOf(row.taskId), approvals.ofTurn(row.taskId), store.reworded(row.taskId))),
    }),
  };
  return { operations, look: () => improver.look() };
}
