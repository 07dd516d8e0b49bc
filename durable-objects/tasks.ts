import { originOf } from "../src/agent/origin-of.ts";
import type { Occasions } from "../src/agent/occasions.ts";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import { ProfileStore } from "../src/db/object/profiles.ts";
import { TaskStore } from "../src/db/object/tasks.ts";
import { log } from "../src/log.ts";
import { isSettled } from "../src/permission/approval.ts";
import { executor } from "../src/stubs.ts";
import { chainDepth } from "../src/tasks/chain-depth.ts";
import { beginByApi } from "../src/tasks/begin-by-api.ts";
import { ExecutorDesk } from "../src/tasks/executor-desk.ts";
import { PrintedLines } from "../src/tasks/printed-lines.ts";
import { Profiles } from "../src/tasks/profiles.ts";
import type { SaidIn } from "../src/tasks/tasks-deps.ts";
import { Tasks } from "../src/tasks/tasks.ts";
import { delegated } from "../src/tools/tasks/delegated.ts";
import { DEFAULT_GRANTS } from "../src/tools/registry.ts";
import { onlyRules } from "../src/models/own-model.ts";
import type { AwayDeps } from "./away.ts";

/** Wires tasks in the background, their profiles and the desk where executors ask. No rule lives here. */
export function createTasks(deps: AwayDeps, occasions: () => Occasions, changed: (taskId: string) => void) {
  const { host, settings, inbox, messages, models, approvals, transaction, timeZone, newId, agent } = deps;
  const { now, storage, env, userId } = host;
  const store = new TaskStore(storage.sql);
  const profiles = new Profiles({
    store: new ProfileStore(storage.sql),
    tools: () => agent().tools,
    granted: () => DEFAULT_GRANTS,
    changed: (subject, summary) => agent().audit({ kind: "config", event: "changed", actor: "user", subject, summary }),
    transaction,
    now,
  });
  const said: SaidIn = (conversationId) => {
    if (conversationId === null) return { words: [], given: [] };
    const context = agent().window.of(conversationId).messages;
    return {
      words: context.filter(({ role }) => role === "user").map(({ text }) => text),
      given: context.flatMap(({ steps }) => steps.flatMap(({ calls }) => calls.flatMap(({ links }) => links))),
    };
  };
  const printed = new PrintedLines();
  const tasks: Tasks = new Tasks({
    userId,
    store,
    profiles,
    executors: {
      begin: (assignment) => executor(env, userId, assignment.taskId).begin(JSON.stringify(assignment)),
      stop: (taskId) => executor(env, userId, taskId).stop(),
    },
    atOnce: () => settings.user().executors,
    tools: () => agent().tools,
    occasions,
    said,
    skills: () => deps.skills().lines(),
    knownDestinations: () => agent().knownDestinations(),
    abort: (taskId) => desk.abort(taskId),
    printed,
    active: () => host.active(),
    changed,
    ended: deps.ended,
    withdraw: (taskId) => agent().withdraw(taskId),
    waits: (taskId) => approvals.ofTurn(taskId).some(({ state }) => !isSettled(state)),
    suspended: () => agent().suspended(),
    audit: (entry) => agent().audit(entry),
    broadcast: (frame) => host.broadcast(frame),
    transaction,
    wakeAt: (time) => host.background(host.wakeAt({ id: "task", fn: "task", time })),
    background: (work) => host.background(work),
    timeZone,
    log,
    now,
    newId,
  });
  const desk = new ExecutorDesk({
    store,
    tasks,
    tools: () => agent().tools,
    model: (request) => agent().model(request),
    offline: (tier) => onlyRules(models, tier),
    noteOf: (callId) => approvals.ofTurn(callId.slice(0, callId.lastIndexOf(":"))).find((row) => row.callId === callId)?.note ?? null,
    scrub: (texts) => agent().scrub(texts),
    suspended: () => agent().suspended(),
    show: (taskId, line) => tasks.show(taskId, line),
    now,
  });
  const operations: Pick<Operations, Extract<OperationName, `${"tasks" | "profiles"}.${string}`>> = {
    "tasks.begin": (asked) => beginByApi(asked, { tasks, store }),
    "tasks.ended": ({ id, waitMs }) => tasks.ended(id, waitMs),
    "tasks.get": (id) => printed.over(tasks.get(id)),
    "tasks.list": (query) => {
      const page = tasks.list(query);
      return { ...page, tasks: page.tasks.map((task) => printed.over(task)) };
    },
    "tasks.cancel": (id) => tasks.cancel(id),
    "profiles.list": () => profiles.list(),
    "profiles.get": (name) => profiles.get(name),
    "profiles.add": (input) => profiles.add(input),
    "profiles.update": ({ name, patch }) => profiles.update(name, patch),
    "profiles.delete": (name) => profiles.delete(name),
  };
  return {
    tasks,
    desk,
    profiles,
    said,
    operations,
    hasProfile: (name: string): boolean => profiles.find(name) !== null,
    /** What tools work on. */
    port: delegated({
      tasks,
      profiles,
      depth: (turnId) =>
        chainDepth(turnId, {
          endsIn: (id) => inbox.ofTurn(id).flatMap(({ route, key }) => (route === "task" ? [key] : [])),
          keyOf: (id) => store.get(id)?.key ?? null,
        }),
      turn(turnId) {
        const row = agent().turns.get(turnId);
        const { replyTo } = originOf(turnId, inbox, messages);
        return { replyTo, taskId: row?.taskId ?? turnId, conversationId: row?.conversationId ?? null };
      },
    }),
  };
}
