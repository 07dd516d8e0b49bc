import type { Provenance } from "../permission/provenance.ts";
import type { Standing } from "./tool.ts";

/**
 * How a call ended. `waiting`: a person is asked, and nothing has happened yet. `output` is what the model reads; `summary` one line for a person.
 */
export interface ToolOutcome {
  status: "done" | "failed" | "denied" | "waiting";
  output: unknown;
  summary: string;
  /** Where the output comes from, when nobody vouches for it: it taints what follows. null: it is the user's own or ours. */
  untrusted: string | null;
  /** Addresses that the output gave and that may be fetched as they are. */
  links: string[];
  /** Whether the output looks as if it tried to give orders. A hint for whoever is asked later. */
  suspicious: boolean;
  /** Whether the call went to an address that only a page gave, or how many that it made did; those are counted. */
  usedGiven: boolean | number;
  /** The approval that it waits for. */
  approvalId: string | null;
}

/** Who asks for a call: a person by a command, the coordinator in a turn that somebody waits for, or a turn that nobody does. */
export type CallOrigin = "user" | "attended" | "unattended";

/** One call, as asked for. `id` is unique within the user and stable when a turn is replayed. */
export interface ToolCall {
  id: string;
  turnId: string | null;
  /** The turn that the user began, whatever turns continue it; what is granted "for this task" is granted for it. */
  taskId: string | null;
  conversationId: string | null;
  input: unknown;
  origin: CallOrigin;
  /** Of the context in which the call was written: content that was read in the same step cannot have asked for it. */
  tainted: boolean;
  suspicious: boolean;
  provenance: Provenance;
  /** Capabilities of the executor's profile; null: the coordinator asks. */
  profile: readonly string[] | null;
  /** When the user said what is being done, UTC milliseconds. */
  saidAt: number;
  /** The turn only makes a plan: it reads, and changes nothing. */
  planning?: true;
  /** Shows a line of what it prints while it runs, to a person. */
  progress?(line: string): void;
  signal: AbortSignal;
}

/** What a call is judged by beside its arguments: of the turn that it is made in, not of the tool. */
export type CallMarks = Pick<
  ToolCall,
  "turnId" | "taskId" | "conversationId" | "origin" | "tainted" | "suspicious" | "provenance" | "profile" | "saidAt" | "planning"
>;

/** A call that a person said yes to, as it was parked. */
export interface ApprovedCall {
  approvalId: string;
  callId: string;
  turnId: string | null;
  /** Where it was asked: an open page, or a Linux, is that conversation's. */
  conversationId: string | null;
  tool: string;
  version: string;
  /** The complete arguments, as JSON. */
  input: string;
  inputHash: string;
  userId: string;
  tainted: boolean;
  /** Of who asked: see {@link ToolCall.profile}. */
  profile: readonly string[] | null;
  saidAt: number;
  /** See {@link ToolCall.progress}. */
  progress?(line: string): void;
  signal: AbortSignal;
}

/** A change that is to be taken back. */
export interface UndoCall {
  /** Of the call that made it. */
  callId: string;
  receipt: unknown;
  signal: AbortSignal;
}

/** `invalid`: the tool does not take such an input. `reason`: a sentence. */
export interface Foreseen {
  kind: "allow" | "ask" | "deny" | "invalid";
  reason: string;
}

/** The only thing a model, a command or sandboxed code can call. Made by `compileTool()` and by nothing else. */
export interface CompiledTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the input, made once. */
  readonly inputSchema: Record<string, unknown>;
  /** See `Tool.rare`. */
  readonly rare: boolean;
  /** See `Tool.standing`; of an input that the tool does not take it is `never`. */
  standing?(input: unknown): Standing;
  /** See `Tool.shows`. */
  showsOf?(input: unknown): Readonly<Record<string, string>>;
  call(call: ToolCall): Promise<ToolOutcome>;
  /** What the gate would say of a call that nobody waits for, if it were made now. Nothing happens and nothing is recorded. */
  foresee?(call: Pick<ToolCall, "input" | "tainted" | "provenance" | "taskId">): Foreseen;
  /** Runs exactly the call that was approved, once. The approval has to be `executing` already. */
  approved(call: ApprovedCall): Promise<ToolOutcome>;
  /** Takes a change back; null: this tool cannot. */
  readonly undo: ((call: UndoCall) => Promise<ToolOutcome>) | null;
}

/** An outcome with nothing special about it. */
export const plainOutcome = (status: ToolOutcome["status"], output: unknown, summary: string): ToolOutcome => ({
  status,
  output,
  summary,
  untrusted: null,
  links: [],
  suspicious: false,
  usedGiven: false,
  approvalId: null,
});
