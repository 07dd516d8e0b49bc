import type { z } from "zod";
import { agentMessage, detailOf, MargayError } from "../errors.ts";
import type { Effect } from "../permission/effect.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { timeLimit } from "../time-limit.ts";
import { type CallMarks, plainOutcome, type ToolCall, type ToolOutcome } from "./compiled-tool.ts";
import type { GateDeps } from "./gate-deps.ts";
import { ProgressLine } from "./progress-line.ts";
import { readBefore } from "./read-before.ts";
import type { Tool, ToolContext, ToolOutput } from "./tool.ts";

/** The longest output that goes to a model, in characters. */
const MAX_OUTPUT = 100_000;
const MAX_LINKS = 200;
/** What a call prints is shown once in so many milliseconds. */
const PROGRESS_MS = 1_000;

/** A call that may run, and is recorded as running. */
export interface Run<Stores> {
  call: Pick<ToolCall, "id" | "turnId" | "tainted" | "profile" | "saidAt" | "progress" | "signal"> &
    Pick<ToolContext, "composed" | "conversationId"> & { marks?: CallMarks };
  effect: Effect;
  /** The grant, approval or earlier call that it rests on. */
  basis: string | null;
  /** Where it goes, for the audit. */
  destinations: readonly string[];
  work(context: ToolContext<Stores>): Promise<ToolOutput>;
  /** The call whose change this takes back. */
  undoes?: string;
}

/**
 * Runs it within its time, records how it ended and labels what came out of it. Expected refusals become outcomes; so do bugs, without their internals. Throws only what ends the
 * turn: its own cancellation.
 */
export async function runTool<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  run: Run<Stores>,
  deps: GateDeps<Stores>,
): Promise<ToolOutcome> {
  const { call } = run;
  const limit = timeLimit(tool.timeoutMs);
  const scrub = async (text: string): Promise<string> => (await deps.scrub([text]))[0] ?? "";
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PROGRESS_MS));
  const line = call.progress === undefined ? null : new ProgressLine({ show: call.progress, scrub, pause });
  const context: ToolContext<Stores> = {
    idempotencyKey: call.id,
    signal: AbortSignal.any([call.signal, limit.signal]),
    now: () => deps.now(),
    saidAt: call.saidAt,
    timeZone: deps.timeZone(),
    tainted: call.tainted,
    composed: call.composed,
    conversationId: call.conversationId ?? null,
    marks: call.marks ?? null,
    profile: call.profile,
    turnId: call.turnId,
    progress: (printed) => line?.add(printed),
    keep: (receipt) => keep(run, receipt, deps),
    scrub,
    stores: deps.stores,
  };
  try {
    return await finish(tool, run, await run.work(context), deps);
  } catch (error) {
    if (call.signal.aborted) throw error;
    const read = readBefore(error);
    const origin = originOf(error) ?? read?.untrusted ?? null;
    const { told, said } = messageOf(error, tool.timeoutMs, context.signal);
    const [message = "", summary = "", from = ""] = await deps.scrub([told, said, origin ?? ""]);
    return record(tool, run, deps, {
      ...plainOutcome("failed", { error: message }, summary),
      untrusted: origin === null ? null : from,
      suspicious: origin !== null && (read?.suspicious === true || looksLikeOrders(message)),
      usedGiven: read?.usedGiven ?? false,
      receipt: null,
    });
  } finally {
    line?.end();
    limit.end();
  }
}

async function finish<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  run: Run<Stores>,
  result: ToolOutput,
  deps: GateDeps<Stores>,
): Promise<ToolOutcome> {
  const receipt = result.receipt === undefined ? null : JSON.stringify(result.receipt);
  // In the same moment as the change itself: whatever comes next, it can be taken back.
  if (result.receipt !== undefined) keep(run, result.receipt, deps);
  const origin = result.untrusted ?? (tool.untrusted ? tool.name : null);
  const given = [...new Set(result.links ?? [])].slice(0, MAX_LINKS);
  // All of it before anything is cut off: a part could begin in the middle of a secret.
  const [whole = "null", summary = "", from = "", links = ""] = await deps.scrub([
    JSON.stringify(result.output ?? null),
    result.summary,
    origin ?? "",
    JSON.stringify(given),
  ]);
  const untrusted = origin === null ? null : from;
  const output = bounded(JSON.parse(whole));
  return record(tool, run, deps, {
    ...plainOutcome(result.failed === true ? "failed" : "done", output, summary),
    untrusted,
    links: given.filter((link) => links.includes(JSON.stringify(link))),
    suspicious: untrusted !== null && (result.suspicious === true || looksLikeOrders(JSON.stringify(output))),
    usedGiven: result.usedGiven ?? false,
    receipt,
  });
}

function keep<Stores>({ call, undoes }: Run<Stores>, receipt: unknown, deps: GateDeps<Stores>): void {
  if (undoes === undefined) deps.log.keep(call.id, receipt === null ? null : JSON.stringify(receipt), deps.now());
}

function record<Input extends z.ZodType, Stores>(
  tool: Tool<Input, Stores>,
  run: Run<Stores>,
  deps: GateDeps<Stores>,
  { receipt, ...outcome }: ToolOutcome & { receipt: string | null },
): ToolOutcome {
  const state = outcome.status === "done" ? "done" : "failed";
  const output = JSON.stringify(outcome.output ?? null);
  const { summary, untrusted, links } = outcome;
  const endedAt = deps.now();
  deps.transaction(() => {
    if (run.undoes === undefined) deps.log.end(run.call.id, { state, output, summary, receipt, untrusted, links, endedAt });
    else if (state === "done") deps.log.undone(run.undoes, endedAt);
    deps.audit({
      kind: "result",
      callId: run.undoes ?? run.call.id,
      turnId: run.call.turnId,
      tool: tool.name,
      effect: run.effect,
      outcome: run.undoes !== undefined && state === "done" ? "undone" : state,
      basis: run.basis,
      destinations: run.destinations,
      tainted: run.call.tainted || untrusted !== null,
      summary,
      output,
    });
  });
  return outcome;
}

/** What is larger than a model should read is cut, and says so. */
function bounded(output: unknown): unknown {
  if (typeof output === "string")
    return output.length <= MAX_OUTPUT ? output : `${output.slice(0, MAX_OUTPUT).toWellFormed()}\n[… cut here]`;
  const text = JSON.stringify(output ?? null);
  return text.length <= MAX_OUTPUT ? (output ?? null) : { cut: text.slice(0, MAX_OUTPUT).toWellFormed() };
}

/** Where the words of a refusal come from, when nobody vouches for them. */
function originOf(error: unknown): string | null {
  const origin = error instanceof MargayError ? detailOf(error, "untrusted") : undefined;
  return origin === undefined ? null : String(origin);
}

/** What the agent is told and what a person is said. Expected refusals carry their own sentence; a bug is reported as one, without its internals. */
function messageOf(error: unknown, timeoutMs: number, signal: AbortSignal): { told: string; said: string } {
  const same = (text: string): { told: string; said: string } => ({ told: text, said: text });
  if (signal.aborted) return same(`Took longer than ${Math.round(timeoutMs / 1000)} seconds and was stopped.`);
  if (error instanceof MargayError) return { told: agentMessage(error), said: error.message };
  return same("The tool failed by a fault of its own.");
}
