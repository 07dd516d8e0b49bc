import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { MargayError } from "../errors.ts";
import { AnswerParts } from "./answer-parts.ts";
import type { Budget, ModelCall } from "./budget.ts";
import { CLOSED, ask, failed, released, succeeded, type BreakerState } from "./circuit-breaker.ts";
import { estimateInput } from "./estimate.ts";
import { modelError } from "./failure-sentence.ts";
import { toGenerateResult } from "./generate-result.ts";
import { MeteredCall, type CallTimeouts } from "./metered-call.ts";
import { ModelError } from "./model-error.ts";
import { formatModelRef } from "./model-ref.ts";
import { unknownPriceCost, type Prices, type TokenUsage } from "./prices.ts";
import type { ModelRef, Provider, ProviderConnection, ProviderId, Tier } from "./provider.ts";

/** What the router works with: narrow ports of the user's object. */
export interface RouterDeps {
  /** The models of a tier, in the order they are tried. */
  chain(tier: Tier): ModelRef[];
  /** How to reach a model's endpoint; null: it has no key or binding, and the model is passed over. Not asked for `offline`. */
  connection(ref: ModelRef): Promise<ProviderConnection | null>;
  budget: Budget;
  /** UTC milliseconds. */
  now(): number;
  /** Circuit breakers by `provider/model`; kept in memory for as long as the object lives. */
  breakers: Map<string, BreakerState>;
  providers: Readonly<Record<ProviderId, Provider>>;
  prices(): Promise<Prices>;
  limits?: Partial<RouterLimits>;
}

export interface RouterLimits extends CallTimeouts {
  /** Output tokens where the caller names no limit. The worst case that is reserved follows from it, so it is always sent. */
  maxOutputTokens: number;
}

export const DEFAULT_LIMITS: RouterLimits = { firstByteMs: 60_000, chunkMs: 60_000, maxOutputTokens: 8192 };

/** For whom a model is asked for. */
export interface ModelRequest {
  tier: Tier;
  turnId: string;
  /** `coordinator`, or an executor's profile. */
  agent: string;
  /** Something to tell the user while they wait: another model takes over. */
  onNotice?: ((message: string) => void) | undefined;
  /** Every call as it is recorded, failed ones too: the turn adds up its own usage. */
  onCall?: ((call: ModelCall) => void) | undefined;
}

export interface Router {
  /**
   * A language model that tries the models of the tier's chain in order. Its calls fail with a {@link ModelError}; a stream that has
   * already shown text fails with a retryable one as an `error` part. Set `maxRetries: 0` on calls that use it.
   */
  model(request: ModelRequest): LanguageModelV4;
}

export function createRouter(deps: RouterDeps): Router {
  return { model: (request) => routedModel(deps, request) };
}

function routedModel(deps: RouterDeps, request: ModelRequest): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "margay",
    modelId: request.tier,
    supportedUrls: {},
    async doStream(options) {
      const answer = await firstToAnswer(deps, request, options, (opened) => opened.parts.shown);
      return { stream: answerStream(answer) };
    },
    async doGenerate(options) {
      // Nothing is shown before the end, so any failure on the way may still fall over.
      const { ready } = await firstToAnswer(deps, request, options, () => false);
      return toGenerateResult(ready);
    },
  };
}

/** A call that is under way, with what may already go to the caller. */
interface Answer {
  call: MeteredCall;
  parts: AnswerParts;
  ready: LanguageModelV4StreamPart[];
}

/** Tries the chain until a model has got far enough (`enough`) or has answered completely. */
async function firstToAnswer(
  deps: RouterDeps,
  request: ModelRequest,
  options: LanguageModelV4CallOptions,
  enough: (answer: Answer) => boolean,
): Promise<Answer> {
  const failures: ModelError[] = [];
  let tried: ModelError | null = null;
  for (const ref of deps.chain(request.tier)) {
    options.abortSignal?.throwIfAborted();
    const call = await startCall(deps, request, options, ref);
    if (call === null) continue;
    if (call instanceof ModelError) {
      failures.push(call);
      continue;
    }
    const name = formatModelRef(ref);
    if (tried !== null) request.onNotice?.(`${tried.message} Trying ${name} instead.`);
    try {
      return await readUntil({ call, parts: new AnswerParts(name), ready: [] }, enough);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      tried = error;
      failures.push(error);
    }
  }
  throw mostUseful(failures);
}

async function readUntil(answer: Answer, enough: (answer: Answer) => boolean): Promise<Answer> {
  while (!enough(answer)) {
    const part = await answer.call.next();
    if (part === null) break;
    answer.ready.push(...answer.parts.accept(part));
  }
  return answer;
}

/** A started call; a refusal; or null where the endpoint of the model is not configured. */
async function startCall(
  deps: RouterDeps,
  request: ModelRequest,
  options: LanguageModelV4CallOptions,
  ref: ModelRef,
): Promise<MeteredCall | ModelError | null> {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const name = formatModelRef(ref);
  const offline = ref.provider === "offline";
  const [connection, prices] = offline ? [{ fetch: noNetwork }, null] : await Promise.all([connect(deps, ref), deps.prices()]);
  if (connection === null || connection instanceof ModelError) return connection;
  options.abortSignal?.throwIfAborted();

  let model: LanguageModelV4;
  try {
    model = deps.providers[ref.provider].create(ref.model, connection);
  } catch (error) {
    return error instanceof ModelError ? error : modelError("rejected", name);
  }

  // From here to the constructor below nothing waits: a permission to probe or a reservation cannot be left behind.
  const permission = ask(deps.breakers.get(name) ?? CLOSED, deps.now());
  if (!permission.allowed) return modelError(permission.cause, name, permission.retryAfterMs);
  const estimate = estimateInput(options);
  const maxOutputTokens = options.maxOutputTokens ?? limits.maxOutputTokens;
  const cost = (usage: TokenUsage): Pick<ModelCall, "microUsd" | "chargedMicroUsd"> => {
    const microUsd = prices === null ? 0 : prices.cost(ref, connection.baseUrl, usage, deps.now());
    return { microUsd, chargedMicroUsd: microUsd ?? unknownPriceCost(usage) };
  };
  const reserved = offline ? null : deps.budget.reserve(worstCase(cost, estimate.worst, maxOutputTokens));
  if (reserved?.ok === false) return new ModelError("budget", reserved.message, false);

  deps.breakers.set(name, permission.state);
  return new MeteredCall({
    model,
    options: { ...options, maxOutputTokens },
    name,
    estimate,
    reservation: reserved?.reservation ?? null,
    record: { turnId: request.turnId, agent: request.agent, tier: request.tier },
    timeouts: limits,
    now: () => deps.now(),
    cost,
    ended(call, error) {
      const state = deps.breakers.get(name) ?? CLOSED;
      const now = deps.now();
      if (error !== null) deps.breakers.set(name, failed(state, now, error.kind, error.retryAfterMs));
      else deps.breakers.set(name, call.outcome === "done" ? succeeded() : released(state, now));
      deps.budget.settle(call);
      request.onCall?.(call);
    },
  });
}

/** The way to a model. A key that does not open is a refusal with its own sentence, and trouble on the way to it one that is worth another try. */
async function connect(deps: RouterDeps, ref: ModelRef): Promise<ProviderConnection | ModelError | null> {
  try {
    return await deps.connection(ref);
  } catch (error) {
    if (error instanceof MargayError) return new ModelError("not_configured", error.message, false);
    return modelError("network", formatModelRef(ref));
  }
}

/** The most a call can cost: nothing read from a cache, and the whole input written to one where that is dearer. */
function worstCase(cost: (usage: TokenUsage) => Pick<ModelCall, "chargedMicroUsd">, inputTokens: number, outputTokens: number): number {
  const plain = cost({ inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0 });
  const cached = cost({ inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: inputTokens });
  return Math.max(plain.chargedMicroUsd, cached.chargedMicroUsd);
}

/** The rest of an answer as a stream. A failure from here on cannot fall over: something was shown. The turn may start the step again. */
function answerStream({ call, parts, ready }: Answer): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      async pull(controller) {
        try {
          while (ready.length === 0) {
            const part = await call.next();
            if (part === null) return controller.close();
            ready.push(...parts.accept(part));
          }
          for (const part of ready.splice(0)) controller.enqueue(part);
        } catch (error) {
          if (!(error instanceof ModelError)) return controller.error(error);
          controller.enqueue({ type: "error", error: new ModelError(error.kind, error.message, true, error.retryAfterMs) });
          controller.close();
        }
      },
      cancel() {
        call.cancel();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * What to tell when every model failed: one that is worth waiting for, with the shortest wait that was asked for; else the first thing that
 * a person can put right; the spending limit last.
 */
function mostUseful(failures: readonly ModelError[]): ModelError {
  const retryable = failures.filter((failure) => failure.retryable);
  const first = retryable[0];
  if (first !== undefined) {
    const waits = retryable.flatMap((failure) => failure.retryAfterMs ?? []);
    return new ModelError(first.kind, first.message, true, waits.length === retryable.length ? Math.min(...waits) : null);
  }
  return failures.find((failure) => failure.kind !== "budget") ?? failures[0] ?? modelError("not_configured", "the chain");
}

const noNetwork: typeof fetch = () => Promise.reject(new TypeError("The offline model has no network."));
