import { covers } from "./capability.ts";
import type { Effect } from "./effect.ts";
import { type Grant, grantCovers } from "./grant.ts";
import type { Source } from "./provenance.ts";
import { toolTitle } from "./tool-title.ts";

/** What the user decided about a tool beyond the rules: `ask` always, or never (`off`). It can only make things stricter. */
export type Policy = "ask" | "off";

/** Everything the decision depends on, as data: no clock, no I/O. */
export interface DecisionInput {
  tool: string;
  version: string;
  effect: Effect;
  /** What the call needs; nothing: it needs nothing. */
  capabilities: readonly string[];
  /** What the user has granted. Absence means no. */
  granted: readonly string[];
  /** What the executor's profile may use, where an executor asks; null: the coordinator asks. */
  profile: readonly string[] | null;
  /** Hosts, addresses or accounts that the call reads from or sends to, each with where it comes from. */
  destinations: readonly { text: string; source: Source }[];
  /** Whether anything in the context that the call was written in is content nobody vouches for. */
  tainted: boolean;
  /** Standing grants that hold now. */
  grants: readonly Grant[];
  /** The hash of the complete arguments. */
  inputHash: string;
  taskId: string | null;
  policy: Policy | null;
  /** Why the tool itself wants every call to be asked about, as a sentence; null: it does not. */
  asks: string | null;
}

/** The answer, always with a reason that a person can read. */
export type Decision = { kind: "allow"; reason: string; grantId: string | null } | { kind: "ask" | "deny"; reason: string };

/**
 * Whether a call may run (the design, section 6). Absence denies: each capability it needs must be granted. `read` and `write` of the user's own data then run, from where the user or a page named; whatever leaves for
 * others, destroys or spends is asked for, unless a standing grant covers exactly this. In a tainted context a standing grant covers only destinations that are the user's word.
 */
export function decide(input: DecisionInput): Decision {
  const refused = refusal(input);
  if (refused !== null) return { kind: "deny", reason: refused };
  const why = reasonToAsk(input);
  if (why === null) return { kind: "allow", reason: FREE[input.effect] ?? "", grantId: null };
  const call = { ...input, destinations: input.destinations.map(({ text }) => text) };
  const grant = input.grants.find((one) => grantCovers(one, call));
  if (grant === undefined) return { kind: "ask", reason: why };
  if (!input.tainted) return { kind: "allow", reason: "A standing permission of yours covers this.", grantId: grant.id };
  const stranger = input.destinations.find(({ source }) => source !== "user");
  if (input.destinations.length > 0 && stranger === undefined)
    return { kind: "allow", reason: "A standing permission of yours covers this, and you named where it goes.", grantId: grant.id };
  const asked = stranger === undefined ? "and this could be its wish" : `and ${stranger.text} is not your word`;
  return { kind: "ask", reason: `${why} Otherwise it needs no yes, but content from outside was read before, ${asked}.` };
}

/** Why the call may not run at all; null: it may be thought about. */
function refusal({ tool, capabilities, granted, profile, policy }: DecisionInput): string | null {
  if (policy === "off") return `“${toolTitle(tool)}” is switched off.`;
  for (const needed of capabilities) {
    if (!granted.some((have) => covers(have, needed))) return `“${toolTitle(tool)}” needs "${needed}", which is not granted.`;
    if (profile !== null && !profile.some((have) => covers(have, needed))) return notInProfile(tool, needed);
  }
  return null;
}

/** Signing in is what a profile lacks most: it says how it gets it. */
function notInProfile(tool: string, needed: string): string {
  const secret = needed.startsWith("secrets.use:") ? needed.slice("secrets.use:".length) : null;
  return secret === null
    ? `“${toolTitle(tool)}” needs "${needed}", which this kind of task may not use.`
    : `“${toolTitle(tool)}” needs "${needed}" to sign in with the stored secret ${secret}, and neither that nor "secrets.use" is among the capabilities of this task's profile (or of the skill that calls it).`;
}

/** Why the user should be asked; null: the call is free. */
function reasonToAsk({ tool, effect, destinations, policy, asks }: DecisionInput): string | null {
  if (asks !== null) return asks;
  if (policy === "ask") return `You want to be asked before every “${toolTitle(tool)}”.`;
  if (effect !== "read" && effect !== "write") return ASKS[effect];
  const composed = destinations.find(({ source }) => source === "model");
  return composed === undefined
    ? null
    : `You did not name ${composed.text}, and no page gave it: asking for it could tell somebody what is in it.`;
}

const FREE: Partial<Record<Effect, string>> = {
  read: "Reads only what is yours, or what you or a page named.",
  write: "Changes only your own data, and can be taken back.",
};

const ASKS: Record<Exclude<Effect, "read" | "write">, string> = {
  external: "This leaves for other people or services.",
  destructive: "This cannot be taken back.",
  spend: "This spends money.",
};
