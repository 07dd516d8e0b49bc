import { z } from "zod";
import { sha256Hex } from "../../../src/audit/hash.ts";
import { canonical } from "../../../src/permission/canonical.ts";
import { readDestination } from "../../../src/permission/destination.ts";
import type { Grant } from "../../../src/permission/grant.ts";
import { readCaseCapability } from "./case-capabilities.ts";
import { destinationsIn } from "./destinations-in.ts";
import type { CaseTool } from "./gate-case.ts";

/** A standing permission for one tool. */
export interface CaseGrant {
  tool: string;
  covers: Grant["covers"];
}

export interface CaseGrants {
  grants: CaseGrant[];
  /** What says nothing that can be understood. It permits nothing. */
  ignored: unknown[];
}

/**
 * The standing permissions of a case. A text is the name of a tool, `tool:destination`, a capability (`email.send`, `email.send:@example.com`: every tool that needs this kind) or a destination alone
 * (every tool). An object names tool, capability or effect, and destinations or the exact arguments. Without a destination everything is covered.
 */
export function caseGrants(grants: readonly unknown[], tools: readonly CaseTool[]): CaseGrants {
  const read = grants.map((grant) => ({ grant, made: typeof grant === "string" ? fromText(grant, tools) : fromObject(grant, tools) }));
  return {
    grants: read.flatMap(({ made }) => made ?? []),
    ignored: read.filter(({ made }) => made === null || made.length === 0).map(({ grant }) => grant),
  };
}

const EVERYTHING = ["*"];

const toEach = (tools: readonly CaseTool[], destinations: readonly string[]): CaseGrant[] =>
  tools.map(({ name }) => ({ tool: name, covers: { destinations } }));

function fromText(text: string, tools: readonly CaseTool[]): CaseGrant[] | null {
  const plain = text.trim();
  const named = tools.filter(({ name }) => name === plain);
  if (named.length > 0) return toEach(named, EVERYTHING);
  for (const tool of tools.toSorted((a, b) => b.name.length - a.name.length)) {
    const rest = plain.startsWith(tool.name) ? AFTER_NAME.exec(plain.slice(tool.name.length)) : null;
    const pattern = (rest?.[1] ?? rest?.[2])?.trim();
    if (pattern !== undefined && pattern !== "") return toEach([tool], patternsOf(pattern));
  }
  const needing = byCapability(plain, tools);
  if (needing !== null) return needing;
  return isDestination(plain) ? toEach(tools, patternsOf(plain)) : null;
}

/** `tool:destination`, `tool -> destination`, `tool to destination`, `tool(destination)`. */
const AFTER_NAME = /^(?:\s*(?::|->|→)\s*|\s+to\s+)(.+)$|^\s*\((.+)\)$/s;

/** The tools that need a capability of this kind; null: none does. */
function byCapability(text: string, tools: readonly CaseTool[]): CaseGrant[] | null {
  const { kind, scope } = readCaseCapability(text);
  const needing = tools.filter(({ capabilities }) => capabilities.some((one) => readCaseCapability(one).kind === kind));
  return needing.length === 0 ? null : toEach(needing, scope === null ? EVERYTHING : patternsOf(scope));
}

/** A pattern stays whole; a list of addresses is each of them. */
const patternsOf = (text: string): string[] => (/^(?:\*|@|\*\.)/.test(text) ? [text] : destinationsIn(text));

/** A text that can only be a destination. A word alone could be anything. */
const isDestination = (text: string): boolean =>
  text === "*" || /^(?:\*\.|[@#])\S+$/.test(text) || destinationsIn(text).every((one) => readDestination(one).kind !== "name");

const Text = z.string().min(1);
const Texts = z.union([Text.transform((text) => [text]), z.array(Text)]).optional();
const Covers = z.union([z.object({ destinations: z.array(Text) }), z.object({ inputHash: Text }), Texts]).optional();
const GrantObject = z.looseObject({
  tool: Text.optional(),
  tool_name: Text.optional(),
  name: Text.optional(),
  tools: z.array(Text).optional(),
  capability: Text.optional(),
  effect: Text.transform((effect) => effect.trim().toLowerCase()).optional(),
  destinations: Texts,
  destination: Texts,
  to: Texts,
  recipients: Texts,
  recipient: Texts,
  pattern: Texts,
  patterns: Texts,
  host: Texts,
  hosts: Texts,
  domain: Texts,
  covers: Covers,
  input: z.unknown().optional(),
  arguments: z.unknown().optional(),
  args: z.unknown().optional(),
});
type GrantObject = z.output<typeof GrantObject>;

function fromObject(value: unknown, tools: readonly CaseTool[]): CaseGrant[] | null {
  const parsed = GrantObject.safeParse(value);
  if (!parsed.success || refuses(parsed.data)) return null;
  const grant = parsed.data;
  const destinations = destinationsOf(grant);
  const chosen = toolsOf(grant, tools);
  if (chosen === null && destinations === null) return null;
  const meant = (chosen ?? tools).filter(({ effect }) => grant.effect === undefined || effect === grant.effect);
  const exact = exactArguments(grant);
  return meant.map(({ name }) => ({ tool: name, covers: exact ?? { destinations: destinations ?? EVERYTHING } }));
}

/** What says no, or is over, is no permission. */
function refuses(grant: GrantObject): boolean {
  if (grant["allow"] === false || grant["deny"] === true || grant["revoked"] === true || grant["decision"] === "deny") return true;
  const until = grant["expires_at"] ?? grant["expires"];
  const at = typeof until === "number" ? until : typeof until === "string" ? Date.parse(until) : Number.NaN;
  return at <= Date.now();
}

/** null: it names none. Empty: it names some that are not there. */
function toolsOf(grant: GrantObject, tools: readonly CaseTool[]): readonly CaseTool[] | null {
  const names = [grant.tool, grant.tool_name, grant.name, ...(grant.tools ?? [])].filter((name) => name !== undefined);
  if (names.includes("*")) return tools;
  if (names.length > 0) return tools.filter(({ name }) => names.includes(name));
  if (grant.capability === undefined) return null;
  const { kind } = readCaseCapability(grant.capability);
  return tools.filter(({ capabilities }) => capabilities.some((one) => readCaseCapability(one).kind === kind));
}

function destinationsOf(grant: GrantObject): string[] | null {
  const { covers } = grant;
  const scope = grant.capability === undefined ? null : readCaseCapability(grant.capability).scope;
  const domains = grant.domain?.map((domain) => (/[@*]/.test(domain) ? domain : `@${domain}`));
  const named = [
    grant.destinations,
    grant.destination,
    grant.to,
    grant.recipients,
    grant.recipient,
    grant.pattern,
    grant.patterns,
    grant.host,
    grant.hosts,
    domains,
    // A host's domain is a domain of the web too.
    domains === undefined ? undefined : grant.domain?.flatMap((domain) => [domain, `*.${domain.replace(/^[*@.]+/, "")}`]),
    Array.isArray(covers) ? covers : covers !== undefined && "destinations" in covers ? covers.destinations : undefined,
    scope === null ? undefined : [scope],
  ].filter((texts) => texts !== undefined);
  return named.length === 0 ? null : named.flat().flatMap(patternsOf);
}

function exactArguments(grant: GrantObject): Grant["covers"] | null {
  if (grant.covers !== undefined && "inputHash" in grant.covers) return { inputHash: grant.covers.inputHash };
  const input = grant.input ?? grant.arguments ?? grant.args;
  return input === undefined || input === null ? null : { inputHash: sha256Hex(canonical(input)) };
}
