import type { LanguageModelV4 } from "@ai-sdk/provider";
import { askModel, type Asked, type AskFailure } from "../agent/ask.ts";
import { offerOf } from "../agent/tool-offer.ts";
import { MAX_GIVEN } from "../agent/turn.ts";
import type { TaskRow } from "../db/object/task-row.ts";
import type { TaskStore } from "../db/object/tasks.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { UserWord } from "../permission/user-word.ts";
import type { Tier } from "../models/provider.ts";
import { type CompiledTool, plainOutcome, type ToolCall, type ToolOutcome } from "../tools/compiled-tool.ts";
import { ExecutorCall, type ExecutorReply } from "./executor-protocol.ts";
import { COORDINATOR_CAPABILITIES, executorTools } from "./profile.ts";
import { isPage } from "./checks/sources.ts";
import { checkResult, correctionOf } from "./result-check.ts";
import { activeMs, overLimit } from "./task-limits.ts";
import type { Tasks } from "./tasks.ts";
import { withAsked } from "./with-asked.ts";

type Call<Kind extends ExecutorCall["kind"]> = Extract<ExecutorCall, { kind: Kind }>;

/** On whose account executors' model calls go. */
const AGENT = "executor";
/** Calls of a check stand behind those that a model may ask for in a step. */
const FIRST_REACHED = 9_000;
const GONE: ExecutorReply = { kind: "gone" };
const NO_MODEL = "No model is connected, and work in the background needs one. Add a key under Settings → Models, then ask again.";

export interface ExecutorDeskDeps {
  store: TaskStore;
  tasks: Pick<Tasks, "end" | "wait">;
  tools(): readonly CompiledTool[];
  model(request: { tier: Tier; turnId: string; agent: string; onNotice(message: string): void }): LanguageModelV4;
  /** Whether only the offline model answers a tier. */
  offline(tier: Tier): boolean;
  /** What the user wrote with their answer to what a call asked; null: nothing. */
  noteOf(callId: string): string | null;
  scrub(texts: readonly string[]): Promise<string[]>;
  suspended(): boolean;
  /** A row has changed; or only what one of its calls prints, which no row has. */
  show(taskId: string, printed?: string): void;
  now(): number;
}

/**
 * Where executors ask, in the user's object: each of their model calls and tool calls is done here, within the task's limits, by its profile, through the gate. Whose word a destination is and what was tainted
 * when is known from the object's own records and from nothing that an executor says. What is asked twice is done once.
 */
export class ExecutorDesk {
  /** What is being done at this moment: an executor that ended in the middle asks for it again and gets the same answer. */
  readonly #doing = new Map<string, { taskId: string; answer: Promise<ExecutorReply>; stop: AbortController }>();
  readonly #suspicious = new Map<string, boolean>();
  readonly #sets = new Map<string, { of: readonly CompiledTool[]; tools: CompiledTool[] }>();

  constructor(private readonly deps: ExecutorDeskDeps) {}

  /** Takes an {@link ExecutorCall} as JSON and gives an {@link ExecutorReply}. Of a task that does not run: `gone`. */
  async handle(text: string): Promise<string> {
    const call = ExecutorCall.parse(JSON.parse(text));
    return JSON.stringify(await this.#answer(call));
  }

  /** Stops what is being done for a task. */
  abort(taskId: string): void {
    for (const doing of this.#doing.values()) if (doing.taskId === taskId) doing.stop.abort();
  }

  #running(taskId: string): TaskRow | null {
    const row = this.deps.store.get(taskId);
    return row !== null && (row.status === "running" || row.status === "waiting_approval") && !this.deps.suspended() ? row : null;
  }

  #answer(call: ExecutorCall): Promise<ExecutorReply> | ExecutorReply {
    const row = this.#running(call.taskId);
    if (row === null) return GONE;
    switch (call.kind) {
      case "ask":
        return this.#once(call.taskId, `ask ${call.step}`, (signal) => this.#ask(row, call, signal));
      case "call":
        return this.#once(call.taskId, `call ${call.callId}`, (signal) => this.#call(row, call, signal));
      case "review":
        return this.#once(call.taskId, `review ${call.step}`, (signal) => this.#review(row, call, signal));
      case "end":
        this.deps.tasks.end(call.taskId, call.status, call.error);
        return { kind: "ended" };
    }
  }

  #once(taskId: string, what: string, work: (signal: AbortSignal) => Promise<ExecutorReply>): Promise<ExecutorReply> {
    const name = `${taskId} ${what}`;
    const known = this.#doing.get(name);
    if (known) return known.answer;
    const stop = new AbortController();
    const answer = this.#stoppable(taskId, stop.signal, work).finally(() => this.#doing.delete(name));
    this.#doing.set(name, { taskId, answer, stop });
    return answer;
  }

  async #stoppable(taskId: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<ExecutorReply>): Promise<ExecutorReply> {
    try {
      const reply = await work(signal);
      return this.#running(taskId) === null ? GONE : reply;
    } catch (error) {
      if (signal.aborted) return GONE;
      throw error;
    }
  }

  async #ask(row: TaskRow, { step, attempt, prompt }: Call<"ask">, signal: AbortSignal): Promise<ExecutorReply> {
    const { store, model, scrub, now, show } = this.deps;
    const known = store.reply(row.id, step);
    if (known !== null) return { kind: "asked", asked: { step: JSON.parse(known) } };
    const refusal = this.#refusal(row, step);
    if (refusal !== null) return { kind: "asked", asked: { failure: refusal } };
    const onNotice = (message: string): void => this.#progress(row.id, message);
    const ask = askModel(model({ tier: row.tier, turnId: row.id, agent: AGENT, onNotice }));
    const offered = offerOf(this.#tools(row)).offered;
    const asked: Asked = await ask({ step, attempt, prompt, tools: offered, signal, onText: () => undefined });
    if ("step" in asked) {
      const [said = ""] = await scrub([asked.step.text]);
      if (this.#running(row.id) === null) return GONE;
      store.putStep({ taskId: row.id, n: step, text: said, reply: JSON.stringify(asked.step), at: now() });
      if (asked.step.calls.length > 0 && said.trim() !== "") store.progress(row.id, lineOf(said));
    }
    store.recount(row.id);
    show(row.id);
    return { kind: "asked", asked };
  }

  /** Why no further step may begin; null: one may. */
  #refusal(row: TaskRow, step: number): AskFailure | null {
    if (this.deps.offline(row.tier)) return { code: "model_unavailable", message: NO_MODEL, retryable: false, retryAfterMs: null };
    const { tokens, chargedMicroUsd } = this.deps.store.recount(row.id);
    const over = overLimit(row.limits, { steps: step, tokens, microUsd: chargedMicroUsd, activeMs: activeMs(row, this.deps.now()) });
    return over && { ...over, retryable: false, retryAfterMs: null };
  }

  /** Looks at what a task would end with. It is corrected once, where it may take another step; what is found then is kept with it. */
  async #review(row: TaskRow, { step, again }: Call<"review">, signal: AbortSignal): Promise<ExecutorReply> {
    const { store } = this.deps;
    const result = store.stepsOf(row.id).find(({ n }) => n === step)?.text ?? "";
    const final = again || this.#refusal(row, step + 1) !== null;
    let reached = 0;
    const findings = await checkResult(
      row.profile,
      { result, expects: row.expects, final, calls: store.checkedCalls(row.id) },
      {
        written: () => store.written(row.id).map(({ path }) => path),
        exists: (path) => store.hasFile(path),
        reach: (address) => this.#reach(row, `${step}.${FIRST_REACHED + reached++}`, address, signal),
      },
    );
    if (this.#running(row.id) === null) return GONE;
    const notes = findings.flatMap(({ note }) => (note === null ? [] : [note]));
    store.putReview(row.id, { step, notes });
    return { kind: "reviewed", correct: final || findings.length === 0 ? null : correctionOf(findings) };
  }

  /** Fetches an address as a call of the task, where the gate lets it: nobody is asked for the sake of a check. */
  async #reach(row: TaskRow, callId: string, url: string, signal: AbortSignal): Promise<"there" | "gone" | "not asked"> {
    const tool = this.#tools(row).find(({ name }) => name === "web_fetch");
    const call = this.#marked(row, callId, { url }, signal);
    if (tool?.foresee?.(call).kind !== "allow") return "not asked";
    const outcome = await tool.call(call);
    this.deps.store.countGiven(row.id, Number(outcome.usedGiven));
    if (outcome.untrusted !== null) this.deps.store.taint(row.id);
    if (outcome.status === "denied") return "not asked";
    return isPage(outcome.output) ? "there" : "gone";
  }

  async #call(row: TaskRow, { callId, tool: name, input, settled }: Call<"call">, signal: AbortSignal): Promise<ExecutorReply> {
    const { store, tasks, show } = this.deps;
    const tool = this.#tools(row).find((one) => one.name === name);
    if (!tool) {
      const refused = `${name} is no tool of this kind of task.`;
      return { kind: "outcome", outcome: plainOutcome("failed", { error: refused }, refused) };
    }
    const answer = await tool.call({ ...this.#marked(row, callId, input, signal), progress: (line) => show(row.id, line) });
    const outcome = withAsked(answer, store.askedBy(`${row.id}:${callId}`));
    // Before anything of it is told: its summary, and what the model says of it, may be the words of what was read.
    if (outcome.untrusted !== null) store.taint(row.id);
    store.countGiven(row.id, Number(outcome.usedGiven));
    store.recount(row.id);
    if (settled && outcome.status === "waiting") tasks.wait(row.id);
    else this.#progress(row.id, outcome.summary);
    show(row.id);
    return { kind: "outcome", outcome: settled ? this.#noted(row, callId, outcome) : outcome };
  }

  /** A refusal with what the user wrote to it. */
  #noted(row: TaskRow, callId: string, outcome: ToolOutcome): ToolOutcome {
    const note = outcome.status === "denied" ? this.deps.noteOf(`${row.id}:${callId}`) : null;
    return note === null ? outcome : { ...outcome, output: { ...Object(outcome.output), the_user_says: note } };
  }

  /** The call as the gate judges it: by what the model had read when it wrote it, that is by the results of earlier steps. */
  #marked(row: TaskRow, callId: string, input: unknown, signal: AbortSignal): ToolCall {
    const step = Number(callId.split(".", 1)[0]);
    const read = this.deps.store.readBy(row.id).filter((call) => call.step < step);
    const outside = read.filter(({ untrusted }) => untrusted !== null);
    const given = row.usedGiven < MAX_GIVEN ? [...row.given, ...read.flatMap(({ links }) => links)] : [];
    return {
      id: `${row.id}:${callId}`,
      turnId: row.id,
      // What is granted "for this task" is granted for this one.
      taskId: row.id,
      conversationId: row.conversationId,
      input,
      origin: "unattended",
      tainted: row.begunTainted || outside.length > 0,
      suspicious: row.suspicious || outside.some((call) => this.#looksLikeOrders(call.id)),
      provenance: { word: new UserWord(row.words, row.known), given: new Set(given), usedGiven: row.usedGiven },
      profile: row.plan.capabilities.filter((capability) => !COORDINATOR_CAPABILITIES.test(capability)),
      saidAt: row.createdAt,
      signal,
    };
  }

  /** Results do not change, and reading all of them again at every call would take longer than the call. */
  #looksLikeOrders(callId: string): boolean {
    const known = this.#suspicious.get(callId);
    if (known !== undefined) return known;
    const found = looksLikeOrders(this.deps.store.outputOf(callId));
    if (this.#suspicious.size > 2_000) this.#suspicious.clear();
    this.#suspicious.set(callId, found);
    return found;
  }

  /** The same set is the same array, so that what is offered is worked out once. */
  #tools(row: TaskRow): CompiledTool[] {
    const of = this.deps.tools();
    const name = row.plan.tools.join(" ");
    const known = this.#sets.get(name);
    if (known?.of === of) return known.tools;
    const tools = executorTools(of, row.plan.tools);
    this.#sets.set(name, { of, tools });
    return tools;
  }

  #progress(taskId: string, text: string): void {
    this.deps.store.progress(taskId, lineOf(text));
    this.deps.show(taskId);
  }
}

/** One line of at most 200 characters. */
function lineOf(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}
