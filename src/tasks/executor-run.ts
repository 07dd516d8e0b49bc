import type { StepStore } from "../db/object/steps.ts";
import type { AssignmentStore } from "../db/object/executor.ts";
import { type Log, whereOf } from "../log.ts";
import type { Journal } from "../agent/journal.ts";
import { isSignal, park, Runs } from "../agent/runs.ts";
import { runTurn, type TurnResult } from "../agent/turn.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import { type Assignment, type ExecutorCall, ExecutorReply } from "./executor-protocol.ts";

/** While it works an executor is woken so often: after a crash it comes back by itself. */
export const ALIVE_MS = 30_000;
/** Between tries to reach the user's object, milliseconds. Then the next wake tries again. */
const REACH_MS = [50, 250, 1_000, 4_000];

/** The user's object did not answer. What was to be said is said again at the next start. */
class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** There is nothing left to do. */
class Gone extends Error {
  override readonly name = "Gone";
}

export interface ExecutorRunDeps {
  assignments: AssignmentStore;
  steps: StepStore;
  /** Asks the user's object. Throws when it is not reached. */
  send(userId: string, call: string): Promise<string>;
  /** The next wake of this object, durably; null: none. */
  wakeAt(at: number | null): Promise<void>;
  /** Empties the object's storage, with its wake. */
  wipe(): Promise<void>;
  background(work: Promise<unknown>): void;
  log: Log;
  now(): number;
}

/**
 * An executor's work: the same loop as the coordinator's, with the same journal, in its own storage. It has no authority: each model call and each tool call is a question to the user's object, which decides,
 * does and records it.
 */
export class ExecutorRun {
  readonly #runs: Runs;
  /** It was told to go on while it was still on its way to a stop. */
  #woken = false;

  constructor(private readonly deps: ExecutorRunDeps) {
    this.#runs = new Runs({
      steps: deps.steps,
      body: (_taskId, journal) => this.#body(journal),
      wakeAt: (_taskId, at) => deps.wakeAt(at),
      parked: (taskId) => this.#parked(taskId),
      background: (work) => deps.background(work),
      log: deps.log,
      now: deps.now,
    });
  }

  /** Takes its task and works on it; while it works, the same again changes nothing, and what it waited for is looked at again. */
  async begin(assignment: Assignment): Promise<void> {
    this.deps.assignments.put(assignment);
    this.#woken = true;
    await this.#go(assignment.taskId);
  }

  /** Its own wake. */
  async alarm(): Promise<void> {
    const assignment = this.deps.assignments.get();
    if (assignment === null) return;
    await this.deps.wakeAt(this.deps.now() + ALIVE_MS);
    this.#runs.resume(assignment.taskId);
  }

  /** Stops at once and leaves nothing behind. */
  async stop(): Promise<void> {
    const assignment = this.deps.assignments.get();
    if (assignment !== null) this.#runs.cancel(assignment.taskId);
    await this.deps.wipe();
  }

  async #go(taskId: string): Promise<void> {
    await this.deps.wakeAt(this.deps.now() + ALIVE_MS);
    this.#runs.resume(taskId);
  }

  #parked(taskId: string): void {
    if (this.#woken) this.deps.background(this.#go(taskId));
    else this.deps.background(this.deps.wakeAt(null));
  }

  async #body(journal: Journal): Promise<void> {
    this.#woken = false;
    const assignment = this.deps.assignments.get();
    if (assignment === null) return;
    try {
      const { status, error } = await this.#work(assignment, journal);
      await this.#send(assignment, { kind: "end", taskId: assignment.taskId, status, error });
    } catch (thrown) {
      if (thrown instanceof Gone) return this.stop();
      throw thrown;
    }
    await this.stop();
  }

  async #work(assignment: Assignment, journal: Journal): Promise<Pick<TurnResult, "status" | "error">> {
    const { taskId, prompt, maxSteps } = assignment;
    const call = async (callId: string, tool: string, input: unknown, settled: boolean) => {
      const reply = await this.#send(assignment, { kind: "call", taskId, callId, tool, input, settled });
      if (reply.kind !== "outcome") throw new Error("a call was answered with something else");
      return reply.outcome;
    };
    const look = async (step: number, again: boolean): Promise<string | null> => {
      const reply = await this.#send(assignment, { kind: "review", taskId, step, again });
      if (reply.kind !== "reviewed") throw new Error("a result was answered with something else");
      return reply.correct;
    };
    /** What was asked, to be asked about again: calls by their place in the loop. */
    const asked = new Map<string, { tool: string; input: unknown }>();
    try {
      return await runTurn(
        {
          turnId: taskId,
          taskId,
          conversationId: null,
          prompt,
          // The marks that count are kept by the user's object, from its own records.
          tainted: false,
          suspicious: false,
          words: [],
          known: [],
          given: [],
          attended: false,
          saidAt: 0,
          maxSteps,
        },
        {
          journal,
          ask: async ({ step, attempt, prompt: now }) => {
            const reply = await this.#send(assignment, { kind: "ask", taskId, step, attempt, prompt: now });
            if (reply.kind !== "asked") throw new Error("a question was answered with something else");
            return reply.asked;
          },
          tools: assignment.tools.map((tool): CompiledTool => ({
            ...tool,
            call: ({ id, input }) => call(id.slice(taskId.length + 1), tool.name, input, false),
            approved: () => Promise.reject(new Error("an executor approves nothing")),
            undo: null,
          })),
          settled: async (callId) => {
            const { tool, input } = asked.get(callId) ?? { tool: "", input: null };
            const outcome = await call(callId, tool, input, true);
            return outcome.status === "waiting" ? park() : outcome;
          },
          ...(assignment.checked ? { review: look } : {}),
          emit(event) {
            if (event.type === "tool_call") asked.set(event.call_id, event);
          },
          modelName: () => "",
        },
      );
    } catch (error) {
      if (isSignal(error) || error instanceof Gone || error instanceof Unreachable) throw error;
      this.deps.log("executor_bug", { error: whereOf(error) }, "error");
      return { status: "failed", error: { code: "internal", message: "Something went wrong on my side while working on this." } };
    }
  }

  async #send({ userId }: Assignment, call: ExecutorCall): Promise<ExecutorReply> {
    const text = JSON.stringify(call);
    for (const wait of [...REACH_MS, null]) {
      try {
        const reply = ExecutorReply.parse(JSON.parse(await this.deps.send(userId, text)));
        if (reply.kind === "gone") throw new Gone();
        return reply;
      } catch (error) {
        if (error instanceof Gone) throw error;
        if (wait === null) throw new Unreachable();
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    throw new Unreachable();
  }
}
