import { afterwards } from "../src/agent/afterwards.ts";
import type { AgentDeps } from "../src/agent/deps.ts";
import { Occasions } from "../src/agent/occasions.ts";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import { SafetyWakes } from "../src/agent/safety-wakes.ts";
import type { Turns } from "../src/agent/turns.ts";
import type { ApprovalStore } from "../src/db/object/approvals.ts";
import type { InboxStore } from "../src/db/object/inbox.ts";
import type { MessageStore } from "../src/db/object/messages.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { TodoStore } from "../src/db/object/todos.ts";
import type { Egress } from "../src/egress/client.ts";
import type { AgentModels } from "../src/models/agent-models.ts";
import type { Vault } from "../src/secrets/vault.ts";
import type { Stores } from "../src/tools/registry.ts";
import { createEvents } from "./events.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { createImprovement } from "./improvement.ts";
import type { Host } from "./parts.ts";
import { createPlans } from "./plans.ts";
import { createSchedules } from "./schedules.ts";
import { createTasks } from "./tasks.ts";

/** What wakes the object for what is begun by itself. */
export type AwayJob = "schedule" | "task" | "plan" | "event" | "heartbeat";
export const isAwayJob = (name: string): name is AwayJob => ["schedule", "task", "plan", "event", "heartbeat"].includes(name);

export interface AwayDeps {
  host: Host;
  settings: SettingStore;
  inbox: InboxStore;
  messages: MessageStore;
  models: AgentModels;
  vault: Vault;
  egress: Egress;
  todos: TodoStore;
  approvals: ApprovalStore;
  transaction<T>(work: () => T): T;
  timeZone(): string;
  newId(): string;
  /** The coordinator's own parts, once they are there: not while this is made. */
  agent(): AgentDeps;
  turns(): Turns;
  /** Something that was worked on has ended: what it brought is gone through. */
  ended(): void;
  /** Skills that the agent may use. */
  skills(): {
    /** Each with what it is for. */
    known(): readonly { name: string; description: string }[];
    /** A line each, as it stands in a prompt; empty: there is none. */
    lines(): string;
  };
}

/** The operations of what works while the user is away. */
type AwayOperations = Pick<
  Operations,
  Extract<
    OperationName,
    `${"heartbeat" | "improvements" | "schedule" | "tasks" | "profiles" | "plans" | "playbooks" | "listener"}.${string}`
  >
>;

/** Wires what works while the user is away: schedules, tasks in the background, plans, events, the heartbeat. No rule lives here. */
export function createAway({ host, ...rest }: AwayDeps) {
  const safety = new SafetyWakes<AwayJob>(host);
  const wakeAt: Host["wakeAt"] = (job) => {
    if (isAwayJob(job.id)) safety.planned(job.id);
    return host.wakeAt(job);
  };
  const deps: AwayDeps = { ...rest, host: { ...host, wakeAt } };
  /** Made when first needed: the coordinator's parts know of these. */
  let made: Occasions | null = null;
  const occasions = (): Occasions => {
    const agent = deps.agent();
    made ??= new Occasions({ ...agent, conversationId: () => deps.turns().conversationId(), drain: () => deps.turns().drain() });
    return made;
  };
  const { heartbeat, ...heart } = createHeartbeat(deps, occasions);
  const { tasks, ...work } = createTasks(deps, occasions, (taskId) => plans.runner.taskChanged(taskId));
  const { plans, playbooks, ...planning } = createPlans(deps, occasions, { tasks, ...work });
  const improvement = createImprovement(deps, occasions, tasks);
  const schedules = createSchedules({ ...deps, occasions, tasks, playbooks, hasProfile: work.hasProfile });
  const { events, ...outside } = createEvents({ ...deps, occasions, tasks, playbooks });
  const operations: AwayOperations = {
    ...heart.operations,
    ...schedules.operations,
    ...work.operations,
    ...planning.operations,
    ...outside.operations,
    ...improvement.operations,
  };
  const ports: Pick<Stores, "schedules" | "tasks" | "plans" | "listeners"> = {
    schedules: schedules.port,
    tasks: work.port,
    plans: planning.port,
    listeners: outside.port,
  };
  const changed = afterwards(
    () => {
      tasks.settingsChanged();
      heartbeat.plan();
    },
    (changing) => host.background(changing),
  );
  const jobs: Record<AwayJob, () => Promise<void>> = {
    schedule: () => schedules.runner.run(),
    task: async () => tasks.look(),
    plan: async () => plans.runner.look(),
    event: () => events.work(),
    heartbeat: () => heartbeat.look(),
  };
  return {
    occasions,
    operations,
    tasks,
    plans,
    playbooks,
    /** What turns that only make a plan need. */
    planning: planning.turns,
    /** Who asks a person for what, and hears how it was settled: tasks and plans, by their ids. */
    askers: {
      nameOf: (id: string) => tasks.nameOf(id) ?? plans.runner.nameOf(id),
      settled: (id: string) => tasks.settled(id) || plans.runner.settled(id),
      resumed: (id: string) => tasks.show(id),
      printed: (id: string, line: string) => tasks.show(id, line),
      originOf: (id: string) => tasks.originOf(id) ?? plans.runner.originOf(id),
    },
    /** Stops all that works by itself. */
    cancelAll(): void {
      plans.cancelAll({ author: "user", channel: "web", tainted: false });
      tasks.cancelAll();
    },
    /** Where executors ask. */
    desk: work.desk,
    listeners: events.listeners,
    /** Who listens to mail that is no message. */
    mailListener: events.mail,
    /** One of the user's files is new, or has new content. */
    fileAdded: events.fileAdded,
    /** What tools work on. */
    ports,
    /** The object was woken for it, which goes on by itself; gives when it is to be woken again should it end meanwhile. `drop` takes that wake away. */
    onJob: (job: AwayJob, drop: () => Promise<unknown>) => safety.begin(job, jobs[job], drop),
    /** Once a life of the object in memory: takes up what a crash interrupted and plans every wake anew. */
    async resume(): Promise<void> {
      tasks.look();
      plans.runner.look();
      await schedules.runner.run();
      await events.work();
      heartbeat.plan();
    },
    /** Something changed that may be worth a look, or how it is looked at. */
    changed,
    /** The user is in another zone. */
    zoneChanged: () => schedules.zoneChanged(),
    /** Once a day. */
    tidy(): void {
      schedules.tidy();
      tasks.tidy();
      plans.tidy();
      events.tidy();
      heartbeat.tidy();
      heartbeat.plan();
      host.background(improvement.look());
    },
  };
}
