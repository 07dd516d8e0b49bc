import { z } from "zod";
import { decide, type Origin } from "../permission/decide.ts";
import { timeLimit } from "../time-limit.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** How a call ended. `output` is what the model reads; `summary` one line for a person. */
export interface ToolOutcome {
  status: "done" | "failed" | "denied";
  output: unknown;
  summary: string;
}

/** One call, as asked for. `id` is unique within the user and stable when a turn is replayed. */
export interface ToolCall {
  id: string;
  turnId: string | null;
  input: unknown;
  origin: Origin;
  tainted: boolean;
  /** When the user said what is being done, UTC milliseconds. */
  saidAt: number;
  signal: AbortSignal;
}

/** What the gate needs of its surroundings. */
export interface GateDeps<Stores> {
  granted(): readonly string[];
  log: ToolCallLog;
  stores: Stores;
  now(): number;
  timeZone(): string;
}

/** The record of calls: a row before a call runs, its outcome after. */
export interface ToolCallLog {
  get(id: string): { state: string; output: string | null; summary: string | null; input: string } | null;
  begin(row: {
    id: string;
    turnId: string | null;
    tool: string;
    version: number;
    input: string;
    decision: "allow" | "ask" | "deny";
    reason: string;
    state: "executing" | "denied";
    startedAt: number;
  }): void;
  end(
    id: string,
    state: "done" | "failed" | "denied" | "unknown",
    output: string,
    summary: string,
    receipt: string | null,
    now: number,
  ): void;
  countSince(tool: string, since: number): number;
}

/** The only thing a model, a command or sandboxed code can call. Made by {@link compileTool} and by nothing else. */
export interface CompiledTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the input, made once. */
  readonly inputSchema: Record<string, unknown>;
  call(call: ToolCall): Promise<ToolOutcome>;
}

const MAX_OUTPUT = 100_000;

/**
 * Puts the gate around a tool: parse → decide → record → execute → record. A call that was recorded as finished is answered from the record; one
 * that a crash left in the middle runs again only when the tool says that is safe.
 */
export function compileTool<Input extends z.ZodType, Stores>(tool: Tool<Input, Stores>, deps: GateDeps<Stores>): CompiledTool {
  return {
    name: tool.name,
    description: tool.description,
    inputSchema: inputSchemaOf(tool),
    async call(call) {
      const before = deps.log.get(call.id);
      if (before && before.state !== "executing") return recorded(before);
      const parsed = tool.input.safeParse(call.input);
      if (!parsed.success) return invalid(parsed.error);
      const input = parsed.data;
      if (!before) {
        const refusal = admit(tool, input, call, deps);
        if (refusal) return refusal;
      } else if (tool.replay === "never") {
        const summary = "Interrupted; whether it happened is not known.";
        deps.log.end(call.id, "unknown", JSON.stringify({ error: summary }), summary, null, deps.now());
        return { status: "failed", output: { error: `${summary} Do not repeat it without asking the user.` }, summary };
      }
      return execute(tool, input, call, deps);
    },
  };
}

const schemas = new WeakMap<object, Record<string, unknown>>();

/** A tool's JSON Schema, made once an isolate: tools are module constants, objects compile them often. */
function inputSchemaOf(tool: { input: z.ZodType }): Record<string, unknown> {
  const known = schemas.get(tool);
  if (known) return known;
  const { $schema: _, ...schema } = z.toJSONSchema(tool.input, { io: "input" });
  schemas.set(tool, schema);
  return schema;
}

function admit<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  input: z.output<Input>,
  call: ToolCall,
  deps: GateDeps<Stores>,
): ToolOutcome | null {
  const decision = decide({
    tool: tool.name,
    effect: tool.effect(input),
    capabilities: tool.capabilities(input),
    granted: deps.granted(),
    destinations: tool.destinations(input),
    tainted: call.tainted,
    origin: call.origin,
  });
  const now = deps.now();
  const { calls, perMs } = tool.rateLimit;
  const limited = decision.kind === "allow" && deps.log.countSince(tool.name, now - perMs) >= calls;
  const allowed = decision.kind === "allow" && !limited;
  const reason = limited ? `${tool.name} may run ${calls} times in ${Math.round(perMs / 1000)} seconds; that is used up.` : decision.reason;
  deps.log.begin({
    id: call.id,
    turnId: call.turnId,
    tool: tool.name,
    version: tool.version,
    input: JSON.stringify(call.input ?? null),
    decision: decision.kind,
    reason,
    state: allowed ? "executing" : "denied",
    startedAt: now,
  });
  if (allowed) return null;
  const outcome: ToolOutcome = { status: "denied", output: { denied: reason }, summary: reason };
  deps.log.end(call.id, "denied", JSON.stringify(outcome.output), outcome.summary, null, now);
  return outcome;
}

async function execute<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  input: z.output<Input>,
  call: ToolCall,
  deps: GateDeps<Stores>,
): Promise<ToolOutcome> {
  const limit = timeLimit(tool.timeoutMs);
  const context: ToolContext<Stores> = {
    idempotencyKey: call.id,
    signal: AbortSignal.any([call.signal, limit.signal]),
    now: () => deps.now(),
    saidAt: call.saidAt,
    timeZone: deps.timeZone(),
    stores: deps.stores,
  };
  try {
    const result = await tool.execute(input, context);
    const output = JSON.stringify(result.output ?? null);
    const bounded = output.length > MAX_OUTPUT ? JSON.stringify({ cut: output.slice(0, MAX_OUTPUT) }) : output;
    const receipt = result.receipt === undefined ? null : JSON.stringify(result.receipt);
    deps.log.end(call.id, "done", bounded, result.summary, receipt, deps.now());
    return { status: "done", output: JSON.parse(bounded), summary: result.summary };
  } catch (error) {
    if (call.signal.aborted) throw error;
    const message = messageOf(error, tool.timeoutMs, context.signal);
    deps.log.end(call.id, "failed", JSON.stringify({ error: message }), message, null, deps.now());
    return { status: "failed", output: { error: message }, summary: message };
  } finally {
    limit.end();
  }
}

function recorded(row: { state: string; output: string | null; summary: string | null }): ToolOutcome {
  const status = row.state === "done" || row.state === "denied" ? row.state : "failed";
  return { status, output: row.output === null ? null : JSON.parse(row.output), summary: row.summary ?? "" };
}

function invalid(error: z.ZodError): ToolOutcome {
  const message = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "input"}: ${issue.message}`)
    .join("; ");
  return { status: "failed", output: { error: `Invalid input. ${message}` }, summary: "The model asked for it in a wrong form." };
}

/** Expected refusals carry their own sentence; a bug is reported as one, without its internals. */
function messageOf(error: unknown, timeoutMs: number, signal: AbortSignal): string {
  if (signal.aborted) return `Took longer than ${Math.round(timeoutMs / 1000)} seconds and was stopped.`;
  if (error instanceof Error && error.name === "MargayError") return error.message;
  return "The tool failed by a fault of its own.";
}
