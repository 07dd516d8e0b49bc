import type { TurnEvent } from "../channels/events.ts";
import type { StoredStep } from "./stored-step.ts";

/** An event with its number. Numbers grow; each start of a turn's handler begins a new block of them. */
export interface NumberedEvent {
  seq: number;
  event: TurnEvent;
}

/** Numbers of one attempt start at `attempt * EVENTS_PER_ATTEMPT`. */
export const EVENTS_PER_ATTEMPT = 1_000_000;

type Follower = (event: NumberedEvent) => void;

/**
 * The events of a running turn, for whoever watches. It is kept in memory only: what a crash loses of a step's text is text that the step
 * says again, and finished steps are replayed from the journal. A new attempt starts with `step` events, on which a client drops what it had of
 * those steps; so resuming from any number is right, before and after a crash.
 */
export class TurnLog {
  readonly #events: NumberedEvent[] = [];
  readonly #followers = new Set<Follower>();
  readonly #steps = new Map<number, StoredStep>();
  #next: number;
  /** The newest number anybody was given; events up to it may not change. */
  #shown = -1;
  ended = false;
  /** Resolves when the turn ends, or when another attempt takes over. */
  readonly done: Promise<void>;
  #resolveDone: () => void = () => {};

  constructor(
    readonly turnId: string,
    attempt: number,
  ) {
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
    this.#next = attempt * EVENTS_PER_ATTEMPT;
  }

  append(event: TurnEvent): NumberedEvent {
    this.#note(event);
    const last = this.#events.at(-1);
    // Neighbouring deltas that nobody has seen are kept as one: a long answer is a short log.
    if (event.type === "text" && last?.event.type === "text" && last.event.step === event.step && last.seq > this.#shown) {
      last.event.delta += event.delta;
      return last;
    }
    // Of what a call printed only the last line stays; the number of each does, as numbers have no holes.
    if (event.type === "tool_progress") {
      const at = this.#events.findLastIndex((one) => one.event.type === "tool_progress" || one.event.type === "tool_call");
      const before = this.#events[at];
      if (before?.event.type === "tool_progress") this.#events[at] = { seq: before.seq, event: { ...before.event, text: "" } };
    }
    const numbered = { seq: this.#next++, event };
    this.#events.push(numbered);
    if (this.#followers.size > 0) this.#shown = numbered.seq;
    for (const follower of this.#followers) follower(numbered);
    return numbered;
  }

  #note(event: TurnEvent): void {
    if (event.type === "step") this.#steps.set(event.step, { text: "", calls: [] });
    else if (event.type === "text") this.#step(event.step).text += event.delta;
    else if (event.type === "tool_call")
      this.#step(event.step).calls.push({
        callId: event.call_id,
        tool: event.tool,
        input: event.input,
        output: null,
        status: "failed",
        summary: "Stopped.",
        untrusted: null,
        links: [],
        suspicious: false,
        approvalId: null,
      });
    else if (event.type === "tool_result") {
      const call = [...this.#steps.values()].flatMap((step) => step.calls).find((candidate) => candidate.callId === event.call_id);
      if (call) Object.assign(call, { status: event.status, summary: event.summary, output: { summary: event.summary } });
    } else if (event.type === "end") {
      this.ended = true;
      this.#resolveDone();
    }
  }

  #step(step: number): StoredStep {
    const known = this.#steps.get(step);
    if (known) return known;
    const made: StoredStep = { text: "", calls: [] };
    this.#steps.set(step, made);
    return made;
  }

  /** This attempt is over and another log takes its place: whoever follows must look for that one. */
  abandon(): void {
    this.#followers.clear();
    this.#resolveDone();
  }

  /** What was said and done so far, as it is stored when the turn is stopped here. A call without a result counts as stopped. */
  get steps(): StoredStep[] {
    return [...this.#steps.entries()].toSorted(([a], [b]) => a - b).map(([, step]) => step);
  }

  /** The call that runs now, with the last line that it printed; null: none does. */
  get doing(): { tool: string; printed: string } | null {
    const call = this.steps.at(-1)?.calls.findLast(({ output }) => output === null);
    if (call === undefined) return null;
    const last = this.#events.findLast(({ event }) => event.type === "tool_progress" && event.call_id === call.callId);
    return { tool: call.tool, printed: last?.event.type === "tool_progress" ? last.event.text : "" };
  }

  /** The text of the answer so far. */
  get text(): string {
    return joinSteps(this.steps.map((step) => step.text));
  }

  /**
   * Gives every event from `from` on, past and future, to `follower`. A number of an earlier attempt, or one this log never gave, means from the
   * start. Returns a function that ends it.
   */
  follow(from: number, follower: Follower): () => void {
    const first = this.#events[0]?.seq ?? this.#next;
    const start = from < first || from > this.#next ? first : from;
    this.#shown = Math.max(this.#shown, this.#next - 1);
    for (const event of this.#events) if (event.seq >= start) follower(event);
    if (this.ended) return () => {};
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}

/** The steps of an answer as one Markdown text. */
export const joinSteps = (texts: readonly string[]): string =>
  texts
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n\n");
