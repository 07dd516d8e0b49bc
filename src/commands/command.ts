import type { AuditEntry } from "../audit/entry.ts";
import type { ApprovalAnswer, ApprovalView } from "../channels/approval-view.ts";
import type { AuditQuery } from "../db/object/audit.ts";
import type { ExecutionPlan, PlaybookView } from "../plans/shapes.ts";
import type { SkillDetail, SkillEnable, SkillView } from "../skills/shapes.ts";
import type { TaskView } from "../tasks/shapes.ts";
import type { Forgotten, MemoryView } from "../memory/shapes.ts";
import type { Listing } from "../workspace/shapes.ts";

/** What a command may use: narrow ports of the user's object. */
export interface CommandContext {
  /** UTC milliseconds. */
  now(): number;
  /** When the command was sent, UTC milliseconds: what its dates are said of. */
  saidAt: number;
  timeZone: string;
  channel: string;
  /** Where the page is, when known, for links. */
  publicUrl: string | null;
  user: { id: string; name: string; email: string; role: string };
  ports: CommandPorts;
}

/** The parts of the user's object that commands act on. Grows with the product; each is a small, typed door. */
export interface CommandPorts {
  /** Starts a new epoch of the conversation; older messages stay searchable. */
  newConversation(): void;
  /** Stops the running turn at once and drops queued messages; says how many were affected. */
  cancel(): Promise<{ stopped: number; dropped: number }>;
  status(): {
    /** `doing`: the call that runs, and what it printed last. */
    running: { turnId: string; startedAt: number; text: string; doing: { tool: string; printed: string } | null } | null;
    queued: number;
    spentTodayMicroUsd: number;
    spentMonthMicroUsd: number;
  };
  /** Tasks in the background. */
  tasks: {
    /** Those that have not ended, oldest first. */
    open(): TaskView[];
    /** The last that ended, newest first. */
    ended(limit: number): TaskView[];
    /** Throws a MargayError when there is none. */
    numbered(number: number): TaskView;
    /** By its number; throws a MargayError when there is none, or it has ended. */
    cancel(number: number): TaskView;
    /** Gives how many were stopped. */
    cancelAll(): number;
  };
  plans: {
    /** Those that have not ended, oldest first. */
    open(): ExecutionPlan[];
    /** Throws a MargayError when there is none. */
    numbered(number: number): ExecutionPlan;
    playbooks(): PlaybookView[];
    /** Throws a MargayError when there is none, or it runs. */
    delete(number: number): void;
    /** Gives how many were stopped. */
    cancelAll(): number;
  };
  model(): { tier: string; chain: string[]; offline: boolean }[];
  /** Sets the chain of a tier for this user; throws a MargayError when it does not parse or has no key. */
  setModel(tier: string, chain: string[] | null): void;
  approvals: {
    /** Waiting ones, oldest first. */
    waiting(): ApprovalView[];
    numbered(number: number): ApprovalView | null;
    /** Throws a MargayError when it was answered before. */
    answer(id: string, answer: ApprovalAnswer, note: string): ApprovalView;
  };
  grants: {
    /** Standing permissions that hold, newest first. */
    active(): { id: string; label: string; uses: number; forTask: boolean }[];
    revoke(id: string): void;
  };
  undo: {
    /** Newest first. */
    list(): { id: string; summary: string; at: number }[];
    /** Takes back one, or (null) the last; throws a MargayError when it cannot. */
    undo(id: string | null): Promise<{ summary: string; result: string }>;
  };
  /** Entries of the audit trail, newest first. */
  activity(query: AuditQuery): AuditEntry[];
  memory: {
    /** What fits words, or (null) all of it, newest first, each with the number it can be called by. */
    list(words: string | null, limit: number): Promise<{ number: number; memory: MemoryView; from: string }[]>;
    /** Past ones too. */
    count(): number;
    /** Both throw a MargayError when there is none of that number. */
    pin(number: number, pinned: boolean): MemoryView;
    /** One, or (null) everything. */
    forget(number: number | null): Promise<Forgotten>;
  };
  files: {
    /** What is in a folder; with words or a pattern, the files that fit, at any depth. */
    list(path: string, search: string): Listing;
  };
  secrets: {
    list(): { name: string; lastFour: string; usedAt: number | null; hosts: string[] }[];
    /** Throws a MargayError when there is none. */
    delete(name: string): void;
    /** What was taken out of messages and waits, oldest first. */
    held(): { number: number; kind: string }[];
    /** What to do with it; each gives what kind it was, and throws a MargayError when nothing waits under that number. */
    save(number: number, name: string): Promise<string>;
    discard(number: number): string;
    restore(number: number): Promise<string>;
  };
  skills: {
    list(): SkillView[];
    /** Both throw a MargayError when there is none. */
    get(name: string): SkillDetail;
    enable(name: string, enable: SkillEnable): SkillDetail;
    disable(name: string): SkillDetail;
  };
  listeners: {
    /** By its number, with its address, secret and log; throws a MargayError when there is none. */
    delete(number: number): Promise<{ number: number; title: string }>;
  };
  knowledge: {
    /** Documents, oldest first and numbered so, and what the conversation is limited to (null: nothing). */
    list(): {
      total: number;
      documents: { number: number; name: string; collection: string | null; state: string | null }[];
      collections: { name: string; documents: number }[];
      only: string[] | null;
    };
    /** Limits the conversation to collections and documents by name; throws a MargayError for one that is not there. Gives their names. */
    only(names: readonly string[]): string[];
    all(): void;
    /** Throws a MargayError when there is none of that number. */
    delete(number: number): Promise<{ name: string; verified: boolean }>;
  };
  /** Runs a tool by name through the same gate as the model. */
  callTool(name: string, input: unknown): Promise<{ output: unknown; summary: string; status: "done" | "failed" | "denied" | "waiting" }>;
}

/** A `/name` typed in any channel. Runs at once, without a model. */
export interface Command {
  /** Without the slash, lower case. */
  readonly name: string;
  /** Other names that people try, such as its plural: they do the same, and no list names them. */
  readonly also?: readonly string[];
  /** One line for `/help` and for completion. */
  readonly description: string;
  /** How it is written, such as `/task add <what> [p1] [due …]`. */
  readonly usage: string;
  /** `args` is the text after the name, trimmed. Returns Markdown. */
  run(args: string, context: CommandContext): Promise<string> | string;
}
