import type { z } from "zod";

/** How bad a call can be. See the design, section 1. */
export type Effect = "read" | "write" | "external" | "destructive" | "spend";

/** Whether a call whose outcome is unknown after a crash may run again. `keyed`: yes, with the same idempotency key. */
export type Replay = "safe" | "keyed" | "never";

/** What a tool may use while it runs: the user's own stores, made for exactly this user, and nothing else. */
export interface ToolContext<Stores = unknown> {
  /** Stable for this call, across retries. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  /** UTC milliseconds. */
  now(): number;
  /** When the user said what is being done, UTC milliseconds: "tomorrow" is said of that moment, however much later the call runs. */
  readonly saidAt: number;
  /** The user's IANA time zone. */
  readonly timeZone: string;
  readonly stores: Stores;
}

/** What a tool answers: `output` goes to the model as JSON, `summary` is one line for a person. */
export interface ToolOutput {
  output: unknown;
  summary: string;
  /** What `undo` needs to take the change back. */
  receipt?: unknown;
}

/**
 * Something an agent can call. A plain description and a function; it becomes callable only through `compileTool()`, which puts
 * the permission check, the audit and the limits around it.
 */
export interface Tool<Input extends z.ZodType = z.ZodType, Stores = never> {
  /** `snake_case`, unique. */
  readonly name: string;
  /** Raised by hand whenever meaning or schema changes: approvals are bound to it. */
  readonly version: number;
  /** Sent with every turn: earn every word. */
  readonly description: string;
  readonly input: Input;
  capabilities(input: z.output<Input>): string[];
  effect(input: z.output<Input>): Effect;
  /** Hosts, addresses or accounts that this call sends something to. */
  destinations(input: z.output<Input>): string[];
  /** Whether its output comes from outside and nobody vouches for it. */
  readonly untrusted: boolean;
  readonly rateLimit: { calls: number; perMs: number };
  readonly timeoutMs: number;
  readonly replay: Replay;
  execute(input: z.output<Input>, context: ToolContext<Stores>): Promise<ToolOutput>;
  undo?(receipt: unknown, context: ToolContext<Stores>): Promise<ToolOutput>;
}
