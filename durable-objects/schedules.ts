import type { Occasions } from "../src/agent/occasions.ts";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import { ScheduleStore } from "../src/db/object/schedules.ts";
import { log } from "../src/log.ts";
import { understand } from "../src/models/offline/understand.ts";
import { BuiltInSchedules } from "../src/schedule/built-in-schedules.ts";
import { previewWhen } from "../src/schedule/preview-when.ts";
import { ScheduleRunner } from "../src/schedule/runner.ts";
import { viewOf } from "../src/schedule/schedule-view.ts";
import { type ScheduleBy, Schedules } from "../src/schedule/schedules.ts";
import type { ScheduleView } from "../src/schedule/shapes.ts";
import type { StoredSchedule } from "../src/schedule/stored-schedule.ts";
import type { Playbooks } from "../src/plans/playbooks.ts";
import type { TaskStarter } from "../src/tasks/task-starter.ts";
import { scheduled } from "../src/tools/schedule/scheduled.ts";
import { onlyRules } from "../src/models/own-model.ts";
import type { AwayDeps } from "./away.ts";

/** The part of the away work that schedules need. */
export type ScheduleDeps = Pick<
  AwayDeps,
  "host" | "settings" | "inbox" | "messages" | "models" | "transaction" | "timeZone" | "newId" | "agent"
> & {
  occasions(): Occasions;
  tasks: TaskStarter;
  hasProfile(name: string): boolean;
  playbooks: Playbooks;
};

/** A call of a person or their program. */
const USER: ScheduleBy = { author: "user", channel: "web" };

/** Wires schedules and reminders. No rule lives here. */
export function createSchedules(deps: ScheduleDeps) {
  const { host, models, settings, transaction, timeZone, newId, tasks, hasProfile, playbooks } = deps;
  const { now } = host;
  const store = new ScheduleStore(host.storage.sql);
  const audit: ConstructorParameters<typeof ScheduleRunner>[0]["audit"] = (entry) => deps.agent().audit(entry);
  const home = () => deps.occasions().home();
  const runner = new ScheduleRunner({
    store,
    transaction,
    audit,
    begin: (occasion) => deps.occasions().begin(occasion),
    tell: (telling) => deps.occasions().tell(telling),
    go: () => deps.occasions().go(),
    home,
    tasks,
    playbooks,
    // Without a model the rules answer, which know what they understand.
    canAnswer(prompt, tier, word) {
      if (!onlyRules(models, tier ?? settings.user().tier)) return true;
      const context = { now: now(), timeZone: timeZone() };
      return word && understand(prompt, context).every(({ kind }) => kind !== "unknown");
    },
    suspended: () => deps.agent().suspended(),
    wakeAt: (time) => host.wakeAt({ id: "schedule", fn: "schedule", time }),
    timeZone,
    log,
    now,
  });
  const schedules = new Schedules({
    store,
    runner,
    hasProfile,
    playbooks,
    transaction,
    audit,
    planned: () => host.background(runner.plan()),
    ran: () => host.background(deps.occasions().go()),
    occasions: deps.occasions,
    timeZone,
    now,
    newId,
  });
  const builtIn = new BuiltInSchedules({ schedules, store });
  const view = (schedule: StoredSchedule): ScheduleView => viewOf(schedule, { timeZone: timeZone(), home: home().channel });
  const operations: Pick<Operations, Extract<OperationName, `schedule.${string}`>> = {
    "schedule.list": (query) => store.list(query).map(view),
    "schedule.get": (id) => view(schedules.get(id)),
    "schedule.add": (input) => view(schedules.add({ ...input, reply_to: null }, USER)),
    "schedule.update": ({ id, patch }) => view(schedules.update(id, patch, USER)),
    "schedule.delete": (id) => view(schedules.delete(id, USER)),
    "schedule.run": (id) => schedules.run(id, USER),
    "schedule.runs": ({ id, limit }) => store.runs(schedules.get(id).id, limit),
    "schedule.preview": (input) => previewWhen(input, { now: now(), timeZone: timeZone() }),
    "schedule.builtIn": () => builtIn.list().map(({ schedule, ...one }) => ({ ...one, schedule: schedule && view(schedule) })),
    "schedule.setBuiltIn": ({ name, change }) => {
      const { schedule, ...one } = builtIn.set(name, change, USER);
      return { ...one, schedule: schedule && view(schedule) };
    },
  };
  return {
    runner,
    store,
    operations,
    /** What tools work on. */
    port: scheduled({ schedules, store, builtIn, inbox: deps.inbox, messages: deps.messages, timeZone }),
    /** The user is in another zone: what follows them is due at other instants. */
    zoneChanged() {
      runner.zoneChanged();
      host.background(runner.plan());
    },
    tidy() {
      store.prune(now());
      host.background(runner.run());
    },
  };
}
