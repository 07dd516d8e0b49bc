import type { Occasions } from "../agent/occasions.ts";
import type { ServerFrame } from "../channels/socket-protocol.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { PlanStore } from "../db/object/plans.ts";
import type { TaskRow } from "../db/object/task-row.ts";
import type { Log } from "../log.ts";
import type { AskedCall } from "../tasks/with-asked.ts";
import type { NewTask } from "../tasks/task-starter.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";

/** Tasks as plans use them. */
export interface PlanTasks {
  /** `vouched`: what comes along is the user's own, so it does not mark the task. */
  start(task: NewTask, extra: { title: string; tell: false; vouched: boolean }): { id: string };
  get(id: string): Pick<TaskRow, "status" | "result" | "error" | "tainted" | "approvedRuns"> | null;
  /** Stops one, unless it has ended. */
  stop(id: string): void;
}

export interface PlansDeps {
  store: PlanStore;
  tasks: PlanTasks;
  tools(): readonly CompiledTool[];
  /** Addresses that a recorded call gave. */
  linksOf(callId: string): readonly string[];
  /** The calls that a call made on its behalf and that a person was asked about. */
  askedBy(callId: string): AskedCall[];
  /** What waits for a person, of a task or a step's call; null: nothing. */
  approvalOf(turnId: string): string | null;
  /** The tools of a profile; null: there is none of that name. */
  toolsOfProfile(name: string): readonly string[] | null;
  /** Whether the user wants to be asked before every call of a tool. */
  alwaysAsks(tool: string): boolean;
  occasions(): Pick<Occasions, "begin" | "tell" | "go" | "home" | "roomAt">;
  /** What the user typed in a conversation, and the addresses that pages gave in it. */
  said(conversationId: string | null): { words: string[]; given: string[] };
  /** Addresses that the user asked to remember. */
  knownDestinations(): readonly string[];
  /** What a step asked a person and nobody answered is not asked any more. */
  withdraw(turnId: string): void;
  /** Whether nobody but the offline rules could tell how a plan ended. */
  onlyRules(): boolean;
  suspended(): boolean;
  audit(entry: NewAuditEntry): void;
  broadcast(frame: ServerFrame): void;
  transaction<T>(work: () => T): T;
  /** Wakes the object for `PlanRunner.look()`, durably. */
  wakeAt(at: number): void;
  background(work: Promise<unknown>): void;
  log: Log;
  /** UTC milliseconds. */
  now(): number;
  newId(): string;
}
