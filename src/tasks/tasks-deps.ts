import type { Occasions } from "../agent/occasions.ts";
import type { ServerFrame } from "../channels/socket-protocol.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { TaskStore } from "../db/object/tasks.ts";
import type { Log } from "../log.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import type { Assignment } from "./executor-protocol.ts";
import type { PrintedLines } from "./printed-lines.ts";
import type { Profiles } from "./profiles.ts";

/** The way to executors. Each call may fail to reach it. */
export interface Executors {
  /** Gives it its task, or has it go on: what it waited for may be settled. */
  begin(assignment: Assignment): Promise<void>;
  stop(taskId: string): Promise<void>;
}

/** What the user typed in a conversation, and the addresses that pages gave in it. */
export type SaidIn = (conversationId: string | null) => { words: string[]; given: string[] };

export interface TasksDeps {
  userId: string;
  store: TaskStore;
  profiles: Profiles;
  executors: Executors;
  /** How many may run at once. */
  atOnce(): number;
  tools(): readonly CompiledTool[];
  occasions(): Pick<Occasions, "begin" | "go" | "home" | "roomAt">;
  said: SaidIn;
  /** The skills that are enabled, a line each, as the coordinator is told of them; empty: none is. */
  skills: () => string;
  /** Addresses that the user asked to remember. */
  knownDestinations(): readonly string[];
  /** Stops what the user's object does for a task at this moment. */
  abort(taskId: string): void;
  /** What calls print while they run. */
  printed: PrintedLines;
  /** Something was spent, which is told on soon. */
  active(): void;
  /** A row has changed: whoever waits for the task looks at it. */
  changed?(taskId: string): void;
  /** A task ended: what it brought is gone through, as after a turn. */
  ended(): void;
  /** What a task asked a person and nobody answered is not asked any more. */
  withdraw(taskId: string): void;
  /** Whether something that a task asked still waits or runs. */
  waits(taskId: string): boolean;
  suspended(): boolean;
  audit(entry: NewAuditEntry): void;
  broadcast(frame: ServerFrame): void;
  transaction<T>(work: () => T): T;
  /** Wakes the object for `Tasks.look()`, durably. */
  wakeAt(at: number): void;
  background(work: Promise<unknown>): void;
  timeZone(): string;
  log: Log;
  now(): number;
  newId(): string;
}
