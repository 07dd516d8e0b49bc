import type { Decision, Policy } from "../permission/decide.ts";
import type { Effect } from "../permission/effect.ts";
import type { Grant } from "../permission/grant.ts";
import type { Source } from "../permission/provenance.ts";
import type { CallOrigin, ToolCall } from "./compiled-tool.ts";

/** A call as it is recorded before it runs. */
export interface CallRecord {
  id: string;
  turnId: string | null;
  tool: string;
  version: string;
  effect: Effect;
  /** The complete arguments, as JSON. */
  input: string;
  decision: Decision["kind"];
  reason: string;
  state: "executing" | "waiting" | "denied";
  approvalId: string | null;
  startedAt: number;
}

/** How a recorded call ended. */
export interface CallEnd {
  state: "done" | "failed" | "denied" | "unknown";
  /** As JSON. */
  output: string;
  summary: string;
  /** What `undo` needs, as JSON; null: nothing more than was kept before. */
  receipt: string | null;
  untrusted: string | null;
  links: readonly string[];
  endedAt: number;
}

/** The end of a call that brought nothing: it was refused, or what became of it is not known. */
export const endWithout = (state: "denied" | "unknown", output: string, summary: string, endedAt: number): CallEnd => ({
  state,
  output,
  summary,
  receipt: null,
  untrusted: null,
  links: [],
  endedAt,
});

export interface RecordedCall {
  state: "executing" | "waiting" | "done" | "failed" | "denied" | "unknown";
  output: string | null;
  summary: string | null;
  untrusted: string | null;
  links: readonly string[];
  approvalId: string | null;
}

/** The record of calls: a row before a call runs, its outcome after. */
export interface ToolCallLog {
  get(id: string): RecordedCall | null;
  begin(row: CallRecord): void;
  /** What was done is known before how it ended is told: from now on it can be taken back. */
  keep(id: string, receipt: string | null, at: number): void;
  /** A call that waited runs now. */
  resume(id: string): void;
  end(id: string, end: CallEnd): void;
  /** How many calls a call made on its own account and finished: their ids begin with its own. */
  madeBy(id: string): number;
  /** Calls since an instant, of one tool or (null) of all. */
  countSince(tool: string | null, since: number): number;
  /** Marks a call's change as taken back. */
  undone(id: string, at: number): void;
}

/** A call that a person is to be asked about. */
export interface ParkRequest {
  call: ToolCall;
  tool: string;
  version: string;
  effect: Effect;
  /** The complete arguments, as JSON, and their hash. */
  input: string;
  inputHash: string;
  destinations: readonly { text: string; source: Source }[];
  /** One line that says what the call would do. */
  description: string;
  reason: string;
}

/** What the gate tells the audit. Contents go in as hashes only. */
export type GateEvent =
  | {
      kind: "call";
      callId: string;
      turnId: string | null;
      conversationId: string | null;
      origin: CallOrigin;
      tool: string;
      effect: Effect;
      decision: Decision["kind"];
      reason: string;
      /** The grant or approval it rests on. */
      basis: string | null;
      destinations: readonly string[];
      tainted: boolean;
      input: string;
      summary: string;
    }
  | {
      kind: "result";
      callId: string;
      turnId: string | null;
      tool: string;
      effect: Effect;
      outcome: CallEnd["state"] | "undone";
      basis: string | null;
      /** Where it went. */
      destinations: readonly string[];
      /** Whether content from outside was in its context, or came out of it. */
      tainted: boolean;
      summary: string;
      output: string;
    };

/** What the gate needs of its surroundings. */
export interface GateDeps<Stores> {
  userId: string;
  granted(): readonly string[];
  /** Standing grants that hold now. */
  grants(): readonly Grant[];
  policy(tool: string): Policy | null;
  /** A grant let a call run. */
  usedGrant(id: string): void;
  log: ToolCallLog;
  /** Keeps a call until a person answers; gives the approval's id. */
  park(request: ParkRequest): string;
  audit(event: GateEvent): void;
  /** Runs synchronous writes as one. */
  transaction<T>(work: () => T): T;
  /** SHA-256 of a text, hexadecimal. */
  hash(text: string): string;
  /** Takes secrets out of texts. */
  scrub(texts: readonly string[]): Promise<string[]>;
  stores: Stores;
  now(): number;
  timeZone(): string;
}
