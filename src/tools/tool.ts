import type { z } from "zod";
import type { Effect } from "../permission/effect.ts";
import type { CallMarks, ToolCall } from "./compiled-tool.ts";

export type { Effect } from "../permission/effect.ts";

/** Whether a call whose outcome is unknown after a crash may run again. `keyed`: yes, with the same idempotency key. */
export type Replay = "safe" | "keyed" | "never";

/**
 * What a standing yes can cover. `place`: whatever goes to the same places. `same`: the very same arguments alone, though calls have destinations, since at one place there is anything from a search to a purchase. `never`: nothing, since what the
 * arguments do is not in them alone, or the very same never comes again.
 */
export type Standing = "place" | "same" | "never";

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
  /** Whether the call was written in a context with content nobody vouches for: what is stored on its behalf keeps the mark. */
  readonly tainted: boolean;
  /** Whether the model wrote the address itself in such a context: a redirect or a link to another host may then carry what it was told to carry. */
  readonly composed: boolean;
  /** The conversation it was called in, where that is known. */
  readonly conversationId?: string | null;
  /** What the call is judged by, for a tool that calls others on its behalf: what it reads comes on top. null: it was approved, and only what is in its approval is known. */
  readonly marks?: CallMarks | null;
  /** Capabilities that its caller, a task of some kind or a skill, is held to, also where a person approved the call; null: the user's agent itself called it, which has all that is granted. */
  readonly profile: readonly string[] | null;
  /** The turn, or the task, that it is called for, also where it was approved; null: it was called by a person. */
  readonly turnId?: string | null;
  /** Whoever waits is shown the last line of what is printed, as text, a while: the model does not read it, and nothing keeps it. */
  progress?(printed: string): void;
  /** Keeps what `undo` needs of the part that is done, for a call that changes things one after the other: however it ends, that part can be taken back. The receipt of its output takes its place. null: nothing of it is left. */
  keep?(receipt: unknown): void;
  /** Takes stored secrets out of a text, for a tool that gives a part of one. */
  scrub(text: string): Promise<string>;
  readonly stores: Stores;
}

/** What a tool answers. */
export interface ToolOutput {
  /** Goes to the model: a text as it is, anything else as JSON. */
  output: unknown;
  /** One line for a person. */
  summary: string;
  /** It ran and came to nothing, such as a program that ended with an error. The output says more than a thrown error could, and goes to the model all the same. */
  failed?: boolean;
  /** What `undo` needs to take the change back. */
  receipt?: unknown;
  /**
   * Where the output comes from, when nobody vouches for it ("https://example.com/a", "mail from bob@example.com"). A tool that is `untrusted` always has an origin, its own name where it gives none; another tool
   * may have one for a single answer, such as notes that were written in a tainted turn.
   */
  untrusted?: string;
  /** Addresses that a search or a page gave; they may be fetched as they are. */
  links?: readonly string[];
  /** Whether it read what looked like orders, beside what is in the output. */
  suspicious?: boolean;
  /** How many of the calls that it made went to addresses that only a page gave. */
  usedGiven?: number;
}

/** What a person is asked about, or why nobody is: see {@link Tool.asked}. */
export type Asked<Input extends z.ZodType> =
  | { input: z.input<Input>; description: string }
  | { refused: string; /** For the agent alone. */ next?: string };

/**
 * Something an agent can call. A plain description and a function; it becomes callable only through `compileTool()`, which puts
 * the permission check, the audit and the limits around it.
 */
export interface Tool<Input extends z.ZodType = z.ZodType, Stores = never> {
  /** `snake_case`, unique. */
  readonly name: string;
  /** Raised by hand whenever meaning or schema changes (for MCP the hash of server and schema, for a skill its content hash): approvals and grants are bound to it. */
  readonly version: number | string;
  /** Sent with every turn: earn every word. */
  readonly description: string;
  readonly input: Input;
  /** JSON Schema (draft 2020-12) where `input` does not say it all, as for tools that somebody else describes; absent: made from `input`. */
  readonly schema?: Record<string, unknown>;
  capabilities(input: z.output<Input>): string[];
  effect(input: z.output<Input>): Effect;
  /** Why the user is asked before every call, whatever its effect: a sentence for them. Absent: effect and grants say. */
  readonly asks?: string;
  /** The same for calls that were written where content from outside was read; null: this one is as any other. */
  asksIfTainted?(input: z.output<Input>): string | null;
  /** Tools whose work it may do too, each with what of it as the beginning of a sentence: who wants to be asked before every call of one of those is asked before this one. */
  readonly doesAlso?: Readonly<Record<string, string>>;
  /** What a standing yes to a call can cover; absent: the places that it goes to. */
  standing?(input: z.output<Input>): Standing;
  /** Whether it may be called, though it writes, in a turn that only makes a plan: it is what such a turn is for. */
  readonly plans?: true;
  /** Hosts, addresses or accounts that this call reads from or sends something to, each as the call will use it. */
  destinations(input: z.output<Input>): string[];
  /** Whether its output comes from outside and nobody vouches for it. */
  readonly untrusted: boolean;
  readonly rateLimit: { calls: number; perMs: number };
  readonly timeoutMs: number;
  readonly replay: Replay;
  /** Seldom needed: where there are more tools than a prompt has room for, the model finds this one by search instead of being told of it every time. */
  readonly rare?: boolean;
  /** One line for a person who is asked: what the call would do. Absent: made from name and arguments. */
  describe?(input: z.output<Input>): string;
  /**
   * What a person is asked about, where the arguments alone leave open what they mean: the arguments with what they mean at this moment, and one line for the person. With a yes, those run and nothing else. It only reads.
   * `refused`: there is nothing to ask about, and why is told at once: nobody is asked to say yes to what cannot be; `next`: what the agent can do instead, told to nobody else. Nothing: the arguments say it all.
   */
  asked?(
    input: z.output<Input>,
    stores: Stores,
    call: Pick<ToolCall, "id" | "conversationId">,
  ): Asked<Input> | undefined | Promise<Asked<Input>>;
  /** Texts by their names that a person reads beside the question, as they are at this moment, such as what would be deleted. Nothing keeps them with it. It only reads. */
  shows?(input: z.output<Input>, stores: Stores): Readonly<Record<string, string>>;
  execute(input: z.output<Input>, context: ToolContext<Stores>): Promise<ToolOutput>;
  undo?(receipt: unknown, context: ToolContext<Stores>): Promise<ToolOutput>;
}
