import type { Occasions } from "../src/agent/occasions.ts";
import { originOf } from "../src/agent/origin-of.ts";
import { ListenerStore } from "../src/db/object/listeners.ts";
import { PlanStore } from "../src/db/object/plans.ts";
import { PlaybookStore } from "../src/db/object/playbooks.ts";
import { ScheduleStore } from "../src/db/object/schedules.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { ToolCallStore } from "../src/db/object/tool-calls.ts";
import { log } from "../src/log.ts";
import { onlyRules } from "../src/models/own-model.ts";
import type { Tier } from "../src/models/provider.ts";
import { planOperations } from "../src/plans/plan-operations.ts";
import { textOf } from "../src/plans/plan-text.ts";
import { planNote } from "../src/plans/plan-note.ts";
import { Playbooks } from "../src/plans/playbooks.ts";
import { Plans } from "../src/plans/plans.ts";
import type { Profiles } from "../src/tasks/profiles.ts";
import type { SaidIn } from "../src/tasks/tasks-deps.ts";
import type { Tasks } from "../src/tasks/tasks.ts";
import { planned } from "../src/tools/plans/planned.ts";
import type { AwayDeps } from "./away.ts";

/** What plans need of the tasks that their steps are. */
export interface PlanWork {
  tasks: Tasks;
  profiles: Profiles;
  said: SaidIn;
}

/** Wires plans and playbooks. No rule lives here. */
export function createPlans(deps: AwayDeps, occasions: () => Occasions, { tasks, profiles, said }: PlanWork) {
  const { host, settings, inbox, messages, models, approvals, transaction, newId, agent } = deps;
  const { now, storage } = host;
  const calls = new ToolCallStore(storage.sql);
  const taskRows = new TaskStore(storage.sql);
  const scheduleRows = new ScheduleStore(storage.sql);
  const listenerRows = new ListenerStore(storage.sql);
  const plans = new Plans({
    store: new PlanStore(storage.sql),
    tasks: { start: (task, extra) => tasks.start(task, extra), get: (id) => taskRows.get(id), stop: (id) => tasks.stop(id) },
    tools: () => agent().tools,
    linksOf: (callId) => [...(calls.get(callId)?.links ?? []), ...taskRows.askedBy(callId).flatMap(({ links }) => links)],
    askedBy: (callId) => taskRows.askedBy(callId),
    approvalOf: (turnId) => approvals.ofTurn(turnId).find(({ state }) => state === "pending")?.id ?? null,
    toolsOfProfile: (name) => profiles.find(name)?.tools ?? null,
    alwaysAsks: (tool) => settings.user().tools[tool] === "ask",
    occasions,
    said,
    knownDestinations: () => agent().knownDestinations(),
    withdraw: (turnId) => agent().withdraw(turnId),
    onlyRules: () => onlyRules(models, settings.user().tier),
    suspended: () => agent().suspended(),
    audit: (entry) => agent().audit(entry),
    broadcast: (frame) => host.broadcast(frame),
    transaction,
    wakeAt: (time) => host.background(host.wakeAt({ id: "plan", fn: "plan", time })),
    background: (work) => host.background(work),
    log,
    now,
    newId,
  });
  const playbooks = new Playbooks({
    store: new PlaybookStore(storage.sql),
    plans,
    usedBy: (name) => [
      ...scheduleRows
        .list({ state: "current", limit: 1_000 })
        .flatMap(({ action, number }) => (action.kind === "playbook" && action.playbook === name ? [`schedule ${number}`] : [])),
      ...listenerRows
        .all()
        .flatMap(({ action, number }) => (action.kind === "playbook" && action.playbook === name ? [`listener ${number}`] : [])),
    ],
    audit: (entry) => agent().audit(entry),
    transaction,
    now,
  });
  return {
    plans,
    playbooks,
    operations: planOperations({ plans, playbooks, newId }),
    turns: {
      note: () => planNote(profiles.list().profiles, agent().tools),
      onlyRules: (tier: Tier) => onlyRules(models, tier),
      find: (id: string) => plans.find(id),
      text: (id: string) => textOf(plans.find(id)),
    },
    /** What tools work on. */
    port: planned({
      plans,
      playbooks,
      turn(turnId) {
        const row = agent().turns.get(turnId);
        const { replyTo, channel } = originOf(turnId, inbox, messages);
        // What answers itself, as a command does, has its message for a turn.
        const typed = inbox.get(turnId)?.turnId === turnId;
        return { replyTo, channel, typed, taskId: row?.taskId ?? turnId, conversationId: row?.conversationId ?? null };
      },
    }),
  };
}
