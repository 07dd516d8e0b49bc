/** Where the request for a call comes from. `user`: the person themself, by a command, the page or the API. `turn`: a model, in a turn. */
export type Origin = "user" | "turn";

/** Everything the decision depends on, as data: no clock, no I/O. */
export interface DecisionInput {
  tool: string;
  effect: "read" | "write" | "external" | "destructive" | "spend";
  /** What the call needs. */
  capabilities: readonly string[];
  /** What the user has granted. Absence means no. */
  granted: readonly string[];
  /** Hosts, addresses or accounts that the call sends something to. */
  destinations: readonly string[];
  /** Whether anything in the turn's context came from outside. */
  tainted: boolean;
  origin: Origin;
}

/** The answer, always with a reason that a person can read. */
export type Decision = { kind: "allow" | "ask" | "deny"; reason: string };

/**
 * Whether a call may run (the design, section 6). Absence denies: a call needs at least one capability, and each must be granted.
 * `read` and `write` of the user's own data then run; whatever leaves for others, destroys or spends asks.
 */
export function decide(input: DecisionInput): Decision {
  if (input.capabilities.length === 0)
    return { kind: "deny", reason: `${input.tool} names no capability, and what is not named is not allowed.` };
  const missing = input.capabilities.find((capability) => !input.granted.includes(capability));
  if (missing !== undefined) return { kind: "deny", reason: `${input.tool} needs "${missing}", which is not granted.` };
  switch (input.effect) {
    case "read":
      return { kind: "allow", reason: "Reads the user's own data." };
    case "write":
      return { kind: "allow", reason: "Changes the user's own data, and can be taken back." };
    case "external":
    case "destructive":
    case "spend":
      return { kind: "ask", reason: `${EFFECT_WORDS[input.effect]} That needs the user's approval.` };
    default:
      return { kind: "deny", reason: "The effect of this call is not known." };
  }
}

const EFFECT_WORDS = {
  external: "This leaves for other people or services.",
  destructive: "This cannot be taken back.",
  spend: "This spends money.",
} as const;
