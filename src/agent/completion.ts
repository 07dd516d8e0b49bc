import type { ContentItem } from "../channels/message.ts";
import { MargayError } from "../errors.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { scrubKeys } from "../secrets/key-shapes.ts";
import { askModel } from "./ask.ts";
import { fitContext } from "./context.ts";
import { type AgentDeps, ZERO_USAGE } from "./deps.ts";
import type { Journal } from "./journal.ts";
import { buildPrompt, type PromptMessage } from "./prompt.ts";
import { runTurn, type TurnResult } from "./turn.ts";
import { joinSteps, type NumberedEvent, TurnLog } from "./turn-log.ts";
import type { CompletionInput } from "./shapes.ts";

/** Runs of one user at the same time at most. */
export const MAX_COMPLETIONS = 8;

type Send = (event: NumberedEvent) => void;

/** The stateless runs of one user. */
export class Completions {
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly deps: AgentDeps) {}

  /** Takes a place for a run and gives the run itself. Throws `rate_limited` when none is free. */
  start(input: CompletionInput): (send: Send, signal: AbortSignal) => Promise<void> {
    if (this.#running.size >= MAX_COMPLETIONS)
      throw new MargayError("rate_limited", `${MAX_COMPLETIONS} completions are running already. Wait for one to end.`, { retry_after: 5 });
    const stop = new AbortController();
    const turnId = this.deps.newId();
    this.#running.set(turnId, stop);
    return async (send, signal) => {
      try {
        await runCompletion(this.deps, turnId, input, send, AbortSignal.any([signal, stop.signal]));
      } finally {
        this.#running.delete(turnId);
        this.deps.turnEnded(turnId);
      }
    };
  }

  isRunning(turnId: string): boolean {
    return this.#running.has(turnId);
  }

  stopAll(): void {
    for (const stop of this.#running.values()) stop.abort();
  }
}

/**
 * A stateless run of `/v1/chat/completions`: the agent's tools and models, the history that the client sent, nothing kept. Its asker waits on the
 * connection, so it needs no journal: when the connection or the object is gone, so is the run.
 */
async function runCompletion(deps: AgentDeps, turnId: string, input: CompletionInput, send: Send, signal: AbortSignal): Promise<void> {
  const log = new TurnLog(turnId, 1);
  log.follow(0, send);
  const { messages, images } = promptOf(input, deps.now());
  const recalled = await deps.knows.recall({ text: input.text, conversationId: null, fromSeq: null });
  const outside = recalled.filter(({ tainted }) => tainted);
  const tier = images.size > 0 ? "vision" : input.tier;
  const result = await orRefusal(
    runTurn(
      {
        turnId,
        taskId: turnId,
        conversationId: null,
        words: [input.text],
        known: deps.knownDestinations(),
        given: [],
        suspicious: outside.some(({ text }) => looksLikeOrders(text)),
        // Its asker has no way to be asked: what needs a yes is parked, and the run goes on without.
        attended: false,
        prompt: buildPrompt(messages, {
          timeZone: deps.settings.timeZone(),
          persona: deps.settings.user().persona,
          profile: deps.knows.profile().text,
          recalled,
          images,
        }),
        tainted: input.history.length > 0 || input.images.length > 0 || outside.length > 0,
        saidAt: deps.now(),
      },
      {
        journal: volatileJournal(signal),
        ask: askModel(deps.model({ tier, turnId, onNotice: (message) => log.append({ type: "notice", message }) })),
        tools: deps.tools,
        emit: (event) => log.append(event),
        modelName: () => deps.modelName(tier),
      },
    ),
  );
  const text = joinSteps(result.steps.map((step) => step.text));
  log.append({
    type: "end",
    status: result.status,
    message_id: null,
    text,
    error: result.error,
    usage: deps.usageOf(turnId).usage ?? ZERO_USAGE,
  });
}

/** A refusal that the run could not turn into an outcome by itself ends it with its sentence; a bug breaks the stream. */
async function orRefusal(run: Promise<TurnResult>): Promise<TurnResult> {
  try {
    return await run;
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    return { status: "failed", steps: [], error: { code: error.code, message: error.message } };
  }
}

/** A client waits: failed model calls are not tried again for minutes. */
const PATIENCE_MS = 5_000;

function volatileJournal(signal: AbortSignal): Journal {
  return {
    step: async (_name, work) => {
      signal.throwIfAborted();
      return work(signal);
    },
    sleep: async (_name, ms) => {
      if (ms > PATIENCE_MS)
        throw new MargayError("model_unavailable", "The model is not reachable now. Try again later.", {
          retry_after: Math.ceil(ms / 1000),
        });
      await new Promise((resolve) => setTimeout(resolve, ms));
      signal.throwIfAborted();
    },
  };
}

/** The client's history is content; only the last message is the user's word. What looks like a key does not reach a model. */
function promptOf(
  input: CompletionInput,
  now: number,
): { messages: PromptMessage[]; images: Map<string, { bytes: Uint8Array; mime: string }> } {
  const images = new Map(input.images.map((image, index) => [`inline/${index}`, { bytes: fromBase64(image.base64), mime: image.mime }]));
  const content: ContentItem[] = input.history.map((item) => ({
    kind: item.role === "system" ? "system" : "history",
    origin: `the client, as ${item.role}`,
    text: scrubKeys(item.text),
  }));
  for (const [key, image] of images)
    content.push({ kind: "file", origin: "attachment", file: { key, name: "image", mime: image.mime, size: image.bytes.byteLength } });
  return {
    messages: fitContext([{ id: "request", role: "user", text: scrubKeys(input.text), content, steps: [], createdAt: now }]),
    images,
  };
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
