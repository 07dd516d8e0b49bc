import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import type { ModelCall, Reservation } from "./budget.ts";
import { estimateOutput, utf8Length, type InputEstimate } from "./estimate.ts";
import { modelError } from "./failure-sentence.ts";
import { Interruptible } from "./interruptible.ts";
import type { ModelError, ModelErrorKind } from "./model-error.ts";
import type { TokenUsage } from "./prices.ts";
import { toModelError } from "./provider-failure.ts";
import { usageAtStart } from "./usage-at-start.ts";

export interface CallTimeouts {
  /** Until the first piece of an answer, milliseconds. */
  firstByteMs: number;
  /** Between two pieces. */
  chunkMs: number;
}

export interface CallSpec {
  model: LanguageModelV4;
  options: LanguageModelV4CallOptions;
  /** How the model is named in sentences and records. */
  name: string;
  estimate: InputEstimate;
  reservation: Reservation | null;
  record: Pick<ModelCall, "turnId" | "agent" | "tier">;
  timeouts: CallTimeouts;
  now(): number;
  /** What the tokens cost, millionths of a dollar; `microUsd` null: the price is not known. */
  cost(usage: TokenUsage): Pick<ModelCall, "microUsd" | "chargedMicroUsd">;
  /** Called exactly once, when the call is over in whatever way, before its last part or its error is given out. */
  ended(call: ModelCall, error: ModelError | null): void;
}

/** Failures where the provider answered with a refusal instead of working: nothing was used. */
const UNBILLED: ReadonlySet<ModelErrorKind> = new Set<ModelErrorKind>([
  "auth",
  "billing",
  "rate_limited",
  "overloaded",
  "network",
  "too_long",
  "rejected",
  "not_configured",
]);

/**
 * One call of one model: reads its stream part by part within the time limits, turns every failure into a {@link ModelError}, and
 * records exactly once what was used, however the call ends.
 */
export class MeteredCall {
  readonly #spec: CallSpec;
  readonly #startedAt: number;
  readonly #guard: Interruptible;
  #reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | null = null;
  #answering = false;
  #outputBytes = 0;
  #usage: LanguageModelV4Usage | null = null;
  /** The input as the provider counted it at the start, where it does; used when the end never comes. */
  #early: Omit<TokenUsage, "outputTokens"> | null = null;
  #over = false;

  constructor(spec: CallSpec) {
    this.#spec = spec;
    this.#startedAt = spec.now();
    this.#guard = new Interruptible(spec.options.abortSignal, () => this.cancel());
    this.#guard.arm(spec.timeouts.firstByteMs, this.#late);
  }

  /** The next part; null after `finish`. Throws a {@link ModelError}, or the reason of the caller's abort. */
  async next(): Promise<LanguageModelV4StreamPart | null> {
    if (this.#usage !== null) return this.#drain();
    let part: LanguageModelV4StreamPart;
    try {
      part = await this.#read();
    } catch (error) {
      throw this.#failed(error);
    }
    // A driver makes this part by itself; the first byte is still to come.
    if (part.type !== "stream-start") {
      this.#answering = true;
      // While the caller takes its time between two reads, the provider is not late.
      this.#guard.disarm();
    }
    switch (part.type) {
      case "text-delta":
      case "reasoning-delta":
      case "tool-input-delta":
        this.#outputBytes += utf8Length(part.delta);
        return part;
      case "custom":
        this.#early = usageAtStart(part) ?? this.#early;
        return part;
      case "error":
        throw this.#failed(part.error);
      case "finish":
        this.#usage = part.usage;
        if (part.finishReason.unified === "error" || part.finishReason.unified === "interrupted")
          throw this.#failed(modelError("cut", this.#spec.name));
        this.#end("done", null);
        return part;
      default:
        return part;
    }
  }

  /** Nobody wants the rest: stops the provider and records what was used so far. */
  cancel(): void {
    this.#end("cancelled", null);
    this.#close();
  }

  readonly #late = (): ModelError => modelError("timeout", this.#spec.name);

  async #read(): Promise<LanguageModelV4StreamPart> {
    const { model, options, timeouts, name } = this.#spec;
    if (this.#reader === null) {
      const { stream } = await this.#guard.run(() => model.doStream({ ...options, abortSignal: this.#guard.signal }));
      this.#reader = stream.getReader();
    }
    const reader = this.#reader;
    if (this.#answering) this.#guard.arm(timeouts.chunkMs, this.#late);
    const result = await this.#guard.run(() => reader.read());
    if (result.done) throw modelError("cut", name);
    return result.value;
  }

  /** Reads the body to its end, so that the connection can be used again. The answer is complete: nothing that happens here matters. */
  async #drain(): Promise<null> {
    this.#guard.arm(DRAIN_MS, this.#late);
    try {
      for (;;) if ((await this.#guard.run(async () => this.#reader?.read()))?.done !== false) break;
    } catch {
      // The answer was already given out.
    }
    this.#close();
    return null;
  }

  #failed(error: unknown): unknown {
    if (this.#spec.options.abortSignal?.aborted === true) {
      this.cancel();
      return this.#spec.options.abortSignal.reason;
    }
    const failure = toModelError(error, this.#spec.name, this.#reader === null ? "request" : "stream", this.#spec.now());
    this.#end("failed", failure);
    this.#close();
    return failure;
  }

  #close(): void {
    this.#guard.close();
    this.#reader?.cancel().catch(() => undefined);
  }

  #end(outcome: ModelCall["outcome"], error: ModelError | null): void {
    if (this.#over) return;
    this.#over = true;
    const usage = this.#used(error);
    const now = this.#spec.now();
    const durationMs = Math.max(0, now - this.#startedAt);
    const cost = this.#spec.cost(usage);
    this.#spec.ended(
      {
        reservationId: this.#spec.reservation?.id ?? null,
        at: now,
        ...this.#spec.record,
        model: this.#spec.name,
        inputTokens: usage.inputTokens,
        outputTokens: usage.outputTokens,
        cachedInputTokens: usage.cachedInputTokens,
        ...cost,
        chargedMicroUsd: Math.max(cost.chargedMicroUsd, this.#charged(error, durationMs)),
        outcome,
        durationMs,
      },
      error,
    );
  }

  /** The provider answered with a refusal instead of working. */
  #refused(error: ModelError | null): boolean {
    return error !== null && this.#reader === null && UNBILLED.has(error.kind);
  }

  /**
   * What counts against the caps where the provider did not say what was used: more than it can be, so that calls which are stopped or never end cannot
   * pass a cap. A model may have thought, unseen, since the call began; it may not have cost more than was reserved.
   */
  #charged(error: ModelError | null, durationMs: number): number {
    const { reservation, estimate, options, cost } = this.#spec;
    if (this.#usage !== null || reservation === null || this.#refused(error)) return 0;
    const thought = Math.ceil((durationMs / 1000) * OUTPUT_TOKENS_A_SECOND);
    const outputTokens = Math.min(options.maxOutputTokens ?? thought, Math.max(thought, estimateOutput(this.#outputBytes)));
    const most = cost({ inputTokens: this.#early?.inputTokens ?? estimate.worst, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0 });
    return Math.min(most.chargedMicroUsd, reservation.microUsd);
  }

  /** What the provider said, else an estimate from what was sent and what came back. */
  #used(error: ModelError | null): TokenUsage {
    if (this.#refused(error)) return { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 };
    const input = this.#usage?.inputTokens;
    // The offline model reads and writes no tokens at all.
    if (this.#spec.reservation === null) return { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0 };
    return {
      // A provider that leaves the usage out often reads as zero; no call has an empty input.
      inputTokens: tokens(input?.total) || this.#early?.inputTokens || this.#spec.estimate.likely,
      outputTokens: tokens(this.#usage?.outputTokens.total) || estimateOutput(this.#outputBytes),
      cachedInputTokens: tokens(input?.cacheRead) ?? this.#early?.cachedInputTokens ?? 0,
      cacheWriteTokens: tokens(input?.cacheWrite) ?? this.#early?.cacheWriteTokens ?? 0,
    };
  }
}

const DRAIN_MS = 1000;
/** Faster than the models whose tokens cost much; a bound for what was written where nobody says. */
const OUTPUT_TOKENS_A_SECOND = 300;

function tokens(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}
