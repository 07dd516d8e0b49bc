import { z } from "zod";
import { mismatch } from "../permission/approval.ts";
import { canonical } from "../permission/canonical.ts";
import { decide, type Decision } from "../permission/decide.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { isComposed, sourceOf } from "../permission/provenance.ts";
import { toolTitle } from "../permission/tool-title.ts";
import { type ApprovedCall, type CompiledTool, plainOutcome, type ToolCall, type ToolOutcome } from "./compiled-tool.ts";
import { type CallRecord, endWithout, type GateDeps, type RecordedCall } from "./gate-deps.ts";
import { runTool } from "./run-tool.ts";
import type { Standing, Tool } from "./tool.ts";

/** Calls of all tools of one user in a minute at most: a model in a circle costs, and so does what it calls. */
export const USER_RATE = { calls: 300, perMs: 60_000 };

const made = new WeakSet<CompiledTool>();

/** Whether a callable was made by {@link compileTool}; nothing else may be offered to a model. */
export const isCompiled = (tool: CompiledTool): boolean => made.has(tool);

/**
 * Puts the gate around a tool: parse → decide → (park) → record → execute → record → label. A call that was recorded as finished is answered from the record; one
 * that a crash left in the middle runs again only when the tool says that is safe.
 */
export function compileTool<Input extends z.ZodType, Stores>(tool: Tool<Input, Stores>, deps: GateDeps<Stores>): CompiledTool {
  const { undo } = tool;
  const compiled: CompiledTool = {
    name: tool.name,
    description: tool.description,
    inputSchema: inputSchemaOf(tool),
    rare: tool.rare ?? false,
    standing(input) {
      const parsed = tool.input.safeParse(input);
      return parsed.success ? standingOf(tool, parsed.data) : "never";
    },
    showsOf(input) {
      const parsed = tool.input.safeParse(input);
      return parsed.success ? (tool.shows?.(parsed.data, deps.stores) ?? {}) : {};
    },
    async call(call) {
      const before = deps.log.get(call.id);
      if (before && before.state !== "executing") return recorded(tool, before, call, deps);
      const parsed = tool.input.safeParse(call.input);
      if (!parsed.success) return invalid(parsed.error);
      if (before) return again(tool, parsed.data, call, before.approvalId, deps);
      const admitted = await admit(tool, parsed.data, call, deps);
      if ("outcome" in admitted) return admitted.outcome;
      const { composed, usedGiven, ...rest } = admitted;
      const run = { call: { ...call, composed, marks: call }, ...rest, work: tool.execute.bind(tool, parsed.data) };
      const outcome = await runTool(tool, run, deps);
      return { ...outcome, usedGiven: outcome.usedGiven || usedGiven };
    },
    foresee(call) {
      const parsed = tool.input.safeParse(call.input);
      if (!parsed.success) return { kind: "invalid", reason: problemsOf(parsed.error) };
      const { kind, reason } = judge(tool, parsed.data, { ...call, origin: "unattended", profile: null }, deps).decision;
      return { kind, reason };
    },
    approved: (call) => runApproved(tool, call, deps),
    undo:
      undo === undefined
        ? null
        : async ({ callId, receipt, signal }) => {
            const call = { id: `${callId}:undo`, turnId: null, tainted: false, composed: false, profile: null, saidAt: deps.now(), signal };
            return runTool(
              tool,
              {
                call,
                effect: "write",
                basis: callId,
                destinations: [],
                work: (context) => undo.call(tool, receipt, context),
                undoes: callId,
              },
              deps,
            );
          },
  };
  made.add(compiled);
  return compiled;
}

const schemas = new WeakMap<object, Record<string, unknown>>();

/** A tool's JSON Schema, made once an isolate: tools are module constants, objects compile them often. */
function inputSchemaOf(tool: { input: z.ZodType; schema?: Record<string, unknown> }): Record<string, unknown> {
  if (tool.schema) return tool.schema;
  const known = schemas.get(tool);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(tool.input, { io: "input" });
  schemas.set(tool, schema);
  return schema;
}

type Admitted =
  | { effect: CallRecord["effect"]; basis: string | null; destinations: string[]; usedGiven: boolean; composed: boolean }
  | { outcome: ToolOutcome };

type Judged = Pick<ToolCall, "input" | "tainted" | "provenance" | "taskId" | "origin" | "profile" | "planning">;

/** What the rules say of a call, and what they say it of. */
function judge<Input extends z.ZodType, Stores>(tool: Tool<Input, Stores>, input: z.output<Input>, call: Judged, deps: GateDeps<Stores>) {
  const effect = tool.effect(input);
  const version = String(tool.version);
  const text = canonical(call.input ?? null);
  const inputHash = deps.hash(text);
  const destinations = tool.destinations(input).map((destination) => ({
    text: destination,
    source: call.origin === "user" ? ("user" as const) : sourceOf(destination, effect, call.provenance),
  }));
  const decision: Decision =
    call.planning && effect !== "read" && !tool.plans
      ? { kind: "deny", reason: ONLY_PLANS }
      : decide({
          tool: tool.name,
          version,
          effect,
          capabilities: tool.capabilities(input),
          granted: deps.granted(),
          profile: call.profile,
          destinations,
          tainted: call.tainted,
          grants: grantsFor(tool, input, deps),
          inputHash,
          taskId: call.taskId,
          policy: deps.policy(tool.name),
          asks: tool.asks ?? (call.tainted ? tool.asksIfTainted?.(input) : null) ?? asksAlso(tool, deps),
        });
  return { effect, version, text, inputHash, destinations, decision };
}

const standingOf = <Input extends z.ZodType, Stores>(tool: Tool<Input, Stores>, input: z.output<Input>): Standing =>
  tool.standing?.(input) ?? "place";

/** What the user agreed to for other calls to the same place says nothing of one that stands for itself. */
function grantsFor<Input extends z.ZodType, Stores>(tool: Tool<Input, Stores>, input: z.output<Input>, deps: GateDeps<Stores>) {
  const standing = standingOf(tool, input);
  if (standing === "never") return [];
  return standing === "place" ? deps.grants() : deps.grants().filter(({ covers }) => "inputHash" in covers);
}

/** Why a call is asked about since it may do what the user wants to be asked about; null: it is not. */
function asksAlso({ doesAlso = {} }: Pick<Tool, "doesAlso">, deps: Pick<GateDeps<unknown>, "policy">): string | null {
  const found = Object.entries(doesAlso).find(([other]) => deps.policy(other) === "ask");
  return found === undefined ? null : `${found[1]}, and you want to be asked before every “${toolTitle(found[0])}”.`;
}

const ONLY_PLANS = "The user asked for a plan, so nothing is done yet: make this a step of the plan.";

/** Decides about a call and records the decision. What may run is recorded as `executing`, what a person is asked about as `waiting`. */
async function admit<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  input: z.output<Input>,
  call: ToolCall,
  deps: GateDeps<Stores>,
): Promise<Admitted> {
  const { effect, version, destinations, decision: judged, ...given } = judge(tool, input, call, deps);
  const composed = call.tainted && destinations.some(({ text: address }) => isComposed(address, call.provenance));
  const decided = judged.kind === "deny" ? judged : (overRate(tool, deps) ?? judged);
  const meant = decided.kind === "ask" ? await tool.asked?.(input, deps.stores, call) : undefined;
  // Stopped while that was looked up: nobody is asked about it any more.
  call.signal.throwIfAborted();
  const asked = meant !== undefined && "input" in meant ? meant : undefined;
  const decision: Decision = meant !== undefined && "refused" in meant ? { kind: "deny", reason: meant.refused } : decided;
  const next = meant !== undefined && "refused" in meant ? (meant.next ?? null) : null;
  const text = asked === undefined ? given.text : canonical(asked.input);
  const inputHash = asked === undefined ? given.inputHash : deps.hash(text);
  const description =
    asked?.description ?? tool.describe?.(input) ?? `${toolTitle(tool.name)} ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
  const basis = decision.kind === "allow" ? decision.grantId : null;
  return deps.transaction(() => {
    const approvalId =
      decision.kind === "ask"
        ? deps.park({ call, tool: tool.name, version, effect, input: text, inputHash, destinations, description, reason: decision.reason })
        : null;
    deps.log.begin({
      id: call.id,
      turnId: call.turnId,
      tool: tool.name,
      version,
      effect,
      input: text,
      decision: decision.kind,
      reason: decision.reason,
      state: decision.kind === "allow" ? "executing" : decision.kind === "ask" ? "waiting" : "denied",
      approvalId,
      startedAt: deps.now(),
    });
    deps.audit({
      kind: "call",
      callId: call.id,
      turnId: call.turnId,
      conversationId: call.conversationId,
      origin: call.origin,
      tool: tool.name,
      effect,
      decision: decision.kind,
      reason: decision.reason,
      basis: basis ?? approvalId,
      destinations: destinations.map(({ text: destination }) => destination),
      tainted: call.tainted,
      input: text,
      summary: description,
    });
    if (basis !== null) deps.usedGrant(basis);
    if (decision.kind === "allow") {
      const usedGiven = destinations.some(({ source }) => source === "given");
      return { effect, basis, destinations: destinations.map(({ text: destination }) => destination), usedGiven, composed };
    }
    if (approvalId !== null) return { outcome: waiting(approvalId, decision.reason, description) };
    const outcome = plainOutcome("denied", { denied: next === null ? decision.reason : `${decision.reason} ${next}` }, decision.reason);
    const output = JSON.stringify(outcome.output);
    deps.log.end(call.id, endWithout("denied", output, decision.reason, deps.now()));
    return { outcome };
  });
}

/** Why a call has to wait for others to be over; null: it has not. */
function overRate(tool: Pick<Tool, "name" | "rateLimit">, deps: Pick<GateDeps<unknown>, "log" | "now">): Decision | null {
  const now = deps.now();
  const { calls, perMs } = tool.rateLimit;
  const words = (rate: typeof USER_RATE): string =>
    `${rate.calls} times in ${Math.round(rate.perMs / 1000)} seconds, and that is used up. Try again later.`;
  if (deps.log.countSince(tool.name, now - perMs) >= calls)
    return { kind: "deny", reason: `“${toolTitle(tool.name)}” may run ${words(tool.rateLimit)}` };
  if (deps.log.countSince(null, now - USER_RATE.perMs) >= USER_RATE.calls)
    return { kind: "deny", reason: `Tools may run ${words(USER_RATE)}` };
  return null;
}

function waiting(approvalId: string, reason: string, description: string): ToolOutcome {
  const output = {
    waiting_for_approval: approvalId,
    why: reason,
    note: "Not done yet. The user is asked; go on without it or end here. Do not call it again.",
  };
  return { ...plainOutcome("waiting", output, description), approvalId };
}

/** A call that a crash left in the middle. */
async function again<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  input: z.output<Input>,
  call: ToolCall,
  approvalId: string | null,
  deps: GateDeps<Stores>,
): Promise<ToolOutcome> {
  const effect = tool.effect(input);
  const destinations = tool.destinations(input);
  // A person said yes while the turn was away: the approval runs it, and says how it ended.
  if (approvalId !== null) return waiting(approvalId, "The user approved it, and it runs.", `“${toolTitle(tool.name)}” runs`);
  const usedGiven = usesGiven(tool, input, call);
  if (tool.replay !== "never") {
    const marked = { ...call, composed: call.tainted, marks: call };
    const outcome = await runTool(tool, { call: marked, effect, basis: null, destinations, work: tool.execute.bind(tool, input) }, deps);
    return { ...outcome, usedGiven: outcome.usedGiven || usedGiven };
  }
  const summary = "Interrupted; whether it happened is not known.";
  const output = JSON.stringify({ error: `${summary} Do not repeat it without asking the user.` });
  deps.transaction(() => {
    deps.log.end(call.id, endWithout("unknown", output, summary, deps.now()));
    deps.audit({
      kind: "result",
      callId: call.id,
      turnId: call.turnId,
      tool: tool.name,
      effect,
      outcome: "unknown",
      basis: null,
      destinations,
      tainted: call.tainted,
      summary,
      output,
    });
  });
  return { ...plainOutcome("failed", JSON.parse(output), summary), usedGiven };
}

const OUTDATED = "The arguments are not valid any more.";

/** Runs what a person approved, if it is still exactly that and still allowed. */
async function runApproved<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  approved: ApprovedCall,
  deps: GateDeps<Stores>,
): Promise<ToolOutcome> {
  const raw: unknown = JSON.parse(approved.input);
  const parsed = tool.input.safeParse(raw);
  const inputHash = deps.hash(canonical(raw));
  const call = { tool: tool.name, version: String(tool.version), inputHash, userId: deps.userId };
  const refusal = mismatch(approved, call) ?? (parsed.success ? refusalNow(tool, parsed.data, approved, deps) : OUTDATED);
  if (refusal !== null || !parsed.success) {
    const reason = refusal ?? OUTDATED;
    const output = JSON.stringify({ denied: reason });
    deps.transaction(() => {
      deps.log.end(approved.callId, endWithout("denied", output, reason, deps.now()));
      deps.audit({
        kind: "result",
        callId: approved.callId,
        turnId: approved.turnId,
        tool: tool.name,
        effect: parsed.success ? tool.effect(parsed.data) : "external",
        outcome: "denied",
        basis: approved.approvalId,
        destinations: [],
        tainted: approved.tainted,
        summary: reason,
        output,
      });
    });
    return plainOutcome("denied", { denied: reason }, reason);
  }
  deps.log.resume(approved.callId);
  const run = {
    // A person saw the whole address and said yes.
    call: {
      id: approved.callId,
      turnId: approved.turnId,
      conversationId: approved.conversationId,
      tainted: approved.tainted,
      composed: false,
      profile: approved.profile,
      saidAt: approved.saidAt,
      ...(approved.progress === undefined ? {} : { progress: approved.progress }),
      signal: approved.signal,
    },
    effect: tool.effect(parsed.data),
    basis: approved.approvalId,
    destinations: tool.destinations(parsed.data),
    work: tool.execute.bind(tool, parsed.data),
  };
  return runTool(tool, run, deps);
}

/** What was taken away since a call was approved is gone for it too. A yes to one call is a grant for exactly its arguments. */
function refusalNow<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  input: z.output<Input>,
  { inputHash, profile }: Pick<ApprovedCall, "inputHash" | "profile">,
  deps: GateDeps<Stores>,
): string | null {
  const version = String(tool.version);
  const decision = decide({
    tool: tool.name,
    version,
    effect: tool.effect(input),
    capabilities: tool.capabilities(input),
    granted: deps.granted(),
    profile,
    destinations: [],
    tainted: false,
    grants: [{ id: "approval", tool: tool.name, version, covers: { inputHash }, taskId: null }],
    inputHash,
    taskId: null,
    policy: deps.policy(tool.name),
    asks: tool.asks ?? null,
  });
  return decision.kind === "allow" ? null : decision.reason;
}

/** What the record tells of a call that has ended. What it had read and used is made out again, and where that is not known exactly it is never less than it was. */
function recorded<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  row: RecordedCall,
  call: ToolCall,
  { log }: Pick<GateDeps<Stores>, "log">,
): ToolOutcome {
  const status = row.state === "done" || row.state === "denied" || row.state === "waiting" ? row.state : "failed";
  if (status === "waiting" && row.approvalId !== null) return waiting(row.approvalId, row.summary ?? "", row.summary ?? "");
  const output: unknown = row.output === null ? null : JSON.parse(row.output);
  const { untrusted } = row;
  const parsed = status === "denied" ? null : tool.input.safeParse(call.input);
  const fromCalls = status === "denied" ? 0 : log.madeBy(call.id);
  return {
    ...plainOutcome(status, output, row.summary ?? ""),
    untrusted,
    links: [...row.links],
    suspicious: untrusted !== null && (fromCalls > 0 || looksLikeOrders(JSON.stringify(output))),
    usedGiven: fromCalls || (parsed?.success === true && usesGiven(tool, parsed.data, call)),
  };
}

/** Whether a call goes to an address that only a page gave. */
const usesGiven = <Input extends z.ZodType, Stores>(
  tool: Pick<Tool<Input, Stores>, "destinations" | "effect">,
  input: z.output<Input>,
  { origin, provenance }: Pick<ToolCall, "origin" | "provenance">,
): boolean =>
  origin !== "user" && tool.destinations(input).some((destination) => sourceOf(destination, tool.effect(input), provenance) === "given");

const problemsOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "input"}: ${issue.message}`)
    .join("; ");

const invalid = (error: z.ZodError): ToolOutcome =>
  plainOutcome("failed", { error: `Invalid input. ${problemsOf(error)}` }, "The model asked for it in a wrong form.");
