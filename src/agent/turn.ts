import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { TurnEvent } from "../channels/events.ts";
import { UserWord } from "../permission/user-word.ts";
import { type CompiledTool, plainOutcome, type ToolCall, type ToolOutcome } from "../tools/compiled-tool.ts";
import type { Ask, Asked } from "./ask.ts";
import type { Journal } from "./journal.ts";
import { isLoop, LOOP_STEPS } from "./loop-guard.ts";
import type { ModelStep, RequestedCall } from "./model-step.ts";
import { resultText } from "./prompt.ts";
import { shrinkPrompt } from "./shrink-prompt.ts";
import { calledTool, FIND_TOOLS, find, offerOf } from "./tool-offer.ts";

/** What a turn works with. */
export interface TurnDeps {
  journal: Journal;
  /** Asks the model for the next step. */
  ask: Ask;
  tools: readonly CompiledTool[];
  /**
   * What became of a call that a person was asked about, waited for durably: whoever calls it is unwound until it is known. Absent: nobody waits, and the loop goes on without.
   */
  settled?(callId: string): Promise<ToolOutcome>;
  /**
   * Looks at what it would end with, at this step; what it gives is told to the model, which goes on once (`again`: it did). null: it is well, or stays as it is. Absent: nobody looks.
   */
  review?(step: number, again: boolean): Promise<string | null>;
  /** Shows progress. Called inside steps only, so that a replay repeats nothing; `replayed` results are shown again by the loop. */
  emit(event: TurnEvent): void;
  /** The model that answered last, as `provider/model`, for the page. */
  modelName(): string;
}

export interface TurnInput {
  turnId: string;
  /** The turn that the user began, whatever turns continue it. */
  taskId: string;
  conversationId: string | null;
  prompt: LanguageModelV4Prompt;
  /** Whether anything in the prompt is content that nobody vouches for, and whether any of it looks as if it gave orders. */
  tainted: boolean;
  suspicious: boolean;
  /** What the user typed, of what is in the prompt. */
  words: readonly string[];
  /** Addresses that the user asked to remember. */
  known: readonly string[];
  /** Addresses that searches and pages in the prompt gave. */
  given: readonly string[];
  /** Whether somebody waits for it. One that asks for an approval then ends; otherwise it goes on without. */
  attended: boolean;
  /** When the newest message that this turn answers was sent, UTC milliseconds. */
  saidAt: number;
  /** It only makes a plan: calls that would change something are refused. */
  planning?: boolean;
  /** Steps at most; absent: {@link MAX_STEPS}. */
  maxSteps?: number;
}

/** One step as it is stored with the answer. */
export interface TurnStep {
  text: string;
  calls: DoneCall[];
}

/** `callId` is ours, unique within the turn; `providerCallId` and `providerTool` are what the provider called it and must be given back to it. */
export type DoneCall = Omit<RequestedCall, "callId"> & ToolOutcome & { callId: string; providerCallId: string; providerTool: string };

export interface TurnResult {
  status: "done" | "failed";
  steps: TurnStep[];
  error: { code: string; message: string } | null;
}

/** Fetches of addresses that only pages gave, in one turn at most: each tells its host which of the given ones was chosen. */
export const MAX_GIVEN = 20;

/** A turn that still calls tools after this many steps is stopped and says so. */
export const MAX_STEPS = 24;

/** How often a request that is too long for the model is halved and tried again. */
const MAX_SHRINKS = 4;

/**
 * How long to wait before a failed model call is tried again, in milliseconds. A message that was taken is answered even if the
 * model is away for a while; after the last wait (about nine minutes in all) the turn ends with a sentence that says what to do.
 */
export const RETRY_DELAYS_MS = [1_000, 4_000, 15_000, 60_000, 150_000, 300_000];

/**
 * The agent loop: ask the model, run the tools it asked for, put the results back, until it asks for none. Every model call and every tool
 * call is one journaled step; after a crash the finished ones are read from the journal and the loop goes on from the first unfinished.
 */
export async function runTurn(input: TurnInput, deps: TurnDeps): Promise<TurnResult> {
  const prompt: LanguageModelV4Prompt = [...input.prompt];
  const steps: TurnStep[] = [];
  const context = new Context(input);
  let corrected = false;
  // What could not be corrected was an answer before.
  const end = (status: TurnResult["status"], error: TurnResult["error"]): TurnResult =>
    corrected ? { status: "done", steps, error: null } : { status, steps, error };
  const maxSteps = input.maxSteps ?? MAX_STEPS;
  for (let n = 0; n < maxSteps; n++) {
    const answer = await callModel(n, prompt, deps);
    if ("failure" in answer) return end("failed", answer.failure);
    const step: TurnStep = { text: answer.text, calls: [] };
    steps.push(step);
    if (answer.calls.length === 0) {
      const error = unfinished(answer);
      const correction = error === null ? await review(n, corrected, deps) : null;
      if (correction === null || corrected) return end(error === null ? "done" : "failed", error);
      corrected = true;
      prompt.push({ role: "assistant", content: answer.content }, { role: "user", content: [{ type: "text", text: correction }] });
      continue;
    }
    // All calls of a step were written before any of their results was read: the marks are those of that moment.
    const marks = context.marks();
    for (const [index, call] of answer.calls.entries()) {
      const done = await callTool(n, index, call, { ...input, ...marks, provenance: context.limited(marks.provenance) }, deps);
      context.countGiven(Number(done.usedGiven));
      step.calls.push(done);
    }
    if (!input.attended) await settle(step.calls, deps);
    for (const call of step.calls) context.read(call);
    if (input.attended && step.calls.some(({ status }) => status === "waiting")) return end("done", null);
    if (isLoop(steps)) return end("failed", { code: "loop", message: LOOP });
    prompt.push({ role: "assistant", content: answer.content }, { role: "tool", content: step.calls.map(toResult) });
  }
  const message = `I stopped after ${maxSteps} steps without finishing. Tell me to go on, or ask for something smaller.`;
  return end("failed", { code: "too_many_steps", message });
}

const LOOP = `I stopped: I did the same ${LOOP_STEPS} times in a row and got the same answer each time. Tell me what to do differently.`;

const review = async (n: number, again: boolean, { review: look, journal }: TurnDeps): Promise<string | null> =>
  look === undefined ? null : journal.step(`review:${n}`, () => look(n, again));

/** Puts what became of them into the place of calls that wait for a person. */
async function settle(calls: DoneCall[], { settled, journal, emit }: TurnDeps): Promise<void> {
  if (settled === undefined) return;
  for (const call of calls) {
    if (call.status !== "waiting") continue;
    Object.assign(call, await journal.step(`settled:${call.callId}`, () => settled(call.callId)));
    emit({ type: "tool_result", call_id: call.callId, tool: call.tool, status: call.status, summary: call.summary });
  }
}

/** What is in the model's context, as the gate needs to know it. */
class Context {
  #tainted: boolean;
  #suspicious: boolean;
  readonly #word: UserWord;
  readonly #given: Set<string>;
  #usedGiven = 0;

  constructor(input: TurnInput) {
    this.#tainted = input.tainted;
    this.#suspicious = input.suspicious;
    this.#word = new UserWord(input.words, input.known);
    this.#given = new Set(input.given);
  }

  marks(): Pick<ToolCall, "tainted" | "suspicious" | "provenance"> {
    return { tainted: this.#tainted, suspicious: this.#suspicious, provenance: { word: this.#word, given: new Set(this.#given) } };
  }

  /** Without the addresses that pages gave, once enough of them were used. */
  limited(provenance: ToolCall["provenance"]): ToolCall["provenance"] {
    const usedGiven = this.#usedGiven;
    return usedGiven < MAX_GIVEN ? { ...provenance, usedGiven } : { ...provenance, usedGiven, given: new Set() };
  }

  countGiven(times: number): void {
    this.#usedGiven += times;
  }

  /** The model reads a call's result now. */
  read({ untrusted, suspicious, links }: ToolOutcome): void {
    if (untrusted !== null) this.#tainted = true;
    if (suspicious) this.#suspicious = true;
    for (const link of links) this.#given.add(link);
  }
}

/** Why an answer without calls is not the whole answer; null: it is. */
function unfinished(answer: ModelStep): TurnResult["error"] {
  if (answer.finish === "length")
    return { code: "length", message: 'The answer reached the model\'s length limit and is cut off here. Say "go on" for the rest.' };
  if (answer.finish === "content-filter") return { code: "refused", message: "The model declined to answer this." };
  return null;
}

async function callModel(
  n: number,
  prompt: LanguageModelV4Prompt,
  deps: TurnDeps,
): Promise<ModelStep | { failure: { code: string; message: string } }> {
  let shrunk = 0;
  for (let attempt = 0; ; attempt++) {
    const name = attempt === 0 ? `model:${n}` : `model:${n}:${attempt}`;
    let live = false;
    const outcome = await deps.journal.step<Asked>(name, async (signal) => {
      live = true;
      deps.emit({ type: "step", step: n, model: deps.modelName() });
      const onText = (delta: string): void => deps.emit({ type: "text", step: n, delta });
      return deps.ask({ step: n, attempt, prompt, tools: offerOf(deps.tools).offered, signal, onText });
    });
    if ("step" in outcome) {
      if (!live) {
        // Replayed from the journal: whoever watches now has not seen it.
        deps.emit({ type: "step", step: n, model: deps.modelName() });
        if (outcome.step.text) deps.emit({ type: "text", step: n, delta: outcome.step.text });
      }
      return outcome.step;
    }
    const { code, message, retryable, retryAfterMs } = outcome.failure;
    if (code === "model_too_long" && shrunk < MAX_SHRINKS && shrinkPrompt(prompt)) {
      shrunk++;
      deps.emit({
        type: "notice",
        message: "This is more than the model can read at once: I left out the oldest part of the conversation.",
      });
      continue;
    }
    const planned = RETRY_DELAYS_MS[attempt];
    if (!retryable || planned === undefined) return { failure: { code, message } };
    const wait = Math.min(Math.max(planned, retryAfterMs ?? 0), 600_000);
    deps.emit({ type: "notice", message: `${message} Trying again in ${Math.ceil(wait / 1000)} s.` });
    await deps.journal.sleep(`wait:${n}:${attempt}`, wait);
  }
}

type Marked = Omit<TurnInput, "tainted" | "suspicious"> & Pick<ToolCall, "tainted" | "suspicious" | "provenance">;

async function callTool(n: number, index: number, asked: RequestedCall, input: Marked, deps: TurnDeps): Promise<DoneCall> {
  const call = { ...asked, ...calledTool(asked) };
  const tool = deps.tools.find((candidate) => candidate.name === call.tool);
  // A provider's call ids are its own affair (some repeat them); position makes ours unique in the turn, the turn id for the user.
  const callId = `${n}.${index}`;
  deps.emit({ type: "tool_call", step: n, call_id: callId, tool: call.tool, input: call.input });
  const outcome = await deps.journal.step<ToolOutcome>(`tool:${callId}`, async (signal) => {
    if (call.tool === FIND_TOOLS) return find(offerOf(deps.tools), call.input);
    if (!tool) return plainOutcome("failed", { error: `There is no tool named ${call.tool}.` }, `No such tool: ${call.tool}`);
    return tool.call({
      id: `${input.turnId}:${callId}`,
      turnId: input.turnId,
      taskId: input.taskId,
      conversationId: input.conversationId,
      input: call.input,
      origin: input.attended ? "attended" : "unattended",
      tainted: input.tainted,
      suspicious: input.suspicious,
      provenance: input.provenance,
      profile: null,
      saidAt: input.saidAt,
      ...(input.planning ? { planning: true } : {}),
      progress: (text) => deps.emit({ type: "tool_progress", call_id: callId, text }),
      signal,
    });
  });
  deps.emit({ type: "tool_result", call_id: callId, tool: call.tool, status: outcome.status, summary: outcome.summary });
  return { ...call, ...outcome, callId, providerCallId: call.callId, providerTool: asked.tool };
}

function toResult(call: DoneCall) {
  return {
    type: "tool-result" as const,
    toolCallId: call.providerCallId,
    toolName: call.providerTool,
    output: { type: "text" as const, value: resultText(call) },
  };
}
