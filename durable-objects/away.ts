import type { AgentDeps } from "../src/agent/deps.ts";
import { Occasions } from "../src/agent/occasions.ts";
import type { OperationName, Operations } from "../src/agent/operations.ts";
import type { Turns } from "../src/agent/turns.ts";
import type { SettingStore } from "../src/db/object/settings.ts";
import type { Stores } from "../src/tools/registry.ts";
import type { Host } from "./parts.ts";

/** What wakes the object for what is begun by itself. */
export type AwayJob = "schedule" | "task" | "event" | "heartbeat";
export const isAwayJob = (name: string): name is AwayJob => ["schedule", "task", "event", "heartbeat"].includes(name);

export interface AwayDeps {
  host: Host;
  settings: SettingStore;
  transaction<T>(work: () => T): T;
  timeZone(): string;
  newId(): string;
  /** The coordinator's own parts, once they are there: not while this is made. */
  agent(): AgentDeps;
  turns(): Turns;
}

/** The operations of what works while the user is away. */
type AwayOperations = Pick<Operations, Extract<OperationName, never>>;

/** Wires what works while the user is away: schedules, tasks in the background, events, the heartbeat. No rule lives here. */
export function createAway(deps: AwayDeps) {
  /** Made when first needed: the coordinator's parts know of these. */
  let made: Occasions | null = null;
  const occasions = (): Occasions => {
    const agent = deps.agent();
    made ??= new Occasions({ ...agent, conversationId: () => deps.turns().conversationId(), drain: () => deps.turns().drain() });
    return made;
  };
  const operations: AwayOperations = {};
  const ports: Pick<Stores, never> = {};
  const jobs: Record<AwayJob, () => Promise<void>> = {
    schedule: async () => undefined,
    task: async () => undefined,
    event: async () => undefined,
    heartbeat: async () => undefined,
  };
  return {
    occasions,
    operations,
    /** What tools work on. */
    ports,
    /** The object was woken for it. Never throws. */
    onJob: (job: AwayJob): Promise<void> => jobs[job](),
    /** Once a life of the object in memory: takes up what a crash interrupted and plans every wake anew. */
    async resume(): Promise<void> {},
    /** Once a day. */
    tidy(): void {},
  };
}
