import type { CompletionInput, Outcome, Receipt, UserSettings } from "../../../src/agent/shapes.ts";
import type { Caller } from "../../../src/auth/principal.ts";
import type { TurnEvent, Usage } from "../../../src/channels/events.ts";
import { InboundMessage } from "../../../src/channels/message.ts";
import { DEFAULT_HEARTBEAT } from "../../../src/heartbeat/shapes.ts";
import { fail, ok, type Result } from "../../../src/errors.ts";

export const USAGE: Usage = { input_tokens: 10, output_tokens: 3, cached_input_tokens: 4, cost_micro_usd: 12, model_calls: 1 };

export const endOf = (text: string, change: Partial<Extract<TurnEvent, { type: "end" }>> = {}): TurnEvent => ({
  type: "end",
  status: "done",
  message_id: "reply-1",
  text,
  error: null,
  usage: USAGE,
  ...change,
});

/** Events as `follow` and `complete` give them, from number `from`; `breakAfter` cuts the stream behind that many lines. */
export function linesOf(events: readonly TurnEvent[], from = 0, breakAfter = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= breakAfter) return controller.error(new Error("the object was restarted"));
      const event = events[from + sent];
      if (!event) return controller.close();
      const line = encoder.encode(`${JSON.stringify({ seq: from + sent, event })}\n`);
      // Cut in the middle, where a multi-byte character may be.
      const middle = Math.floor(line.length / 2);
      controller.enqueue(line.slice(0, middle));
      controller.enqueue(line.slice(middle));
      sent++;
    },
  });
}

/**
 * Stands in for a user's object, to answer in ways that are hard to bring the real one to. Keeps messages by key like the real one, and everything
 * it was asked.
 */
export class FakeAgent {
  readonly received: InboundMessage[] = [];
  readonly callers: Caller[] = [];
  readonly completions: CompletionInput[] = [];
  readonly calls: [string, ...unknown[]][] = [];
  readonly followed: number[] = [];
  readonly #keys = new Map<string, { hash: string; id: string }>();
  settingsNow: UserSettings = {
    timeZone: null,
    models: { fast: null, smart: null, vision: null },
    tier: "smart",
    persona: "",
    approvalMinutes: {},
    tools: {},
    memoryQuiet: true,
    heartbeat: DEFAULT_HEARTBEAT,
    executors: 5,
    selfImprovement: "propose",
  };
  events: TurnEvent[] = [{ type: "step", step: 1, model: "test/model" }, { type: "text", step: 1, delta: "Hi." }, endOf("Hi.")];
  breakAfter: number[] = [];
  outcomeNow: Partial<Outcome> = {};
  /** Errors that the next calls fail with before anything is done. */
  readonly failures: unknown[] = [];
  refuse: Result<never> | null = null;

  constructor(readonly userId: string) {}

  #enter(caller: Caller): Result<never> | null {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    this.callers.push(caller);
    if (caller.userId !== this.userId) return fail("forbidden", "This agent belongs to somebody else.");
    return this.refuse;
  }

  async receive(caller: Caller, input: InboundMessage): Promise<Result<Receipt>> {
    const refused = this.#enter(caller);
    if (refused) return refused;
    const message = InboundMessage.parse(input);
    const key = JSON.stringify([message.route, message.key]);
    const known = this.#keys.get(key);
    if (known && known.hash !== message.bodyHash) return fail("idempotency_conflict", "This key came with another body.");
    if (known) return ok({ messageId: known.id, turnId: "turn-1", duplicate: true });
    this.received.push(message);
    const id = `message-${this.received.length}`;
    this.#keys.set(key, { hash: message.bodyHash, id });
    return ok({ messageId: id, turnId: "turn-1", duplicate: false });
  }

  async outcome(caller: Caller, messageId: string, waitMs: number): Promise<Result<Outcome>> {
    const refused = this.#enter(caller);
    if (refused) return refused;
    this.calls.push(["outcome", messageId, waitMs]);
    if (messageId === "missing") return fail("not_found", "There is no such message.");
    return ok({
      plan: null,
      notes: [],
      message_id: messageId,
      turn_id: "turn-1",
      status: "done",
      reply: "Hi.",
      reply_message_id: "reply-1",
      approvals: [],
      actions: [{ type: "add_todo", status: "done", summary: "Added it" }],
      error: null,
      usage: USAGE,
      model: "test/model",
      ...this.outcomeNow,
    });
  }

  async converse(caller: Caller, message: InboundMessage, waitMs: number): Promise<Result<Outcome>> {
    const receipt = await this.receive(caller, message);
    return receipt.ok ? this.outcome(caller, receipt.value.messageId, waitMs) : receipt;
  }

  async follow(caller: Caller, messageId: string, from: number): Promise<Result<ReadableStream<Uint8Array>>> {
    const refused = this.#enter(caller);
    if (refused) return refused;
    if (messageId === "missing") return fail("not_found", "There is no such message.");
    this.followed.push(from);
    return ok(linesOf(this.events, from, this.breakAfter.shift()));
  }

  async complete(caller: Caller, input: CompletionInput): Promise<Result<ReadableStream<Uint8Array>>> {
    const refused = this.#enter(caller);
    if (refused) return refused;
    this.completions.push(input);
    return ok(linesOf(this.events, 0, this.breakAfter.shift()));
  }

  async settings(caller: Caller): Promise<Result<UserSettings>> {
    return this.#enter(caller) ?? ok(this.settingsNow);
  }

  async updateSettings(caller: Caller, patch: Partial<UserSettings>): Promise<Result<UserSettings>> {
    const refused = this.#enter(caller);
    if (refused) return refused;
    this.settingsNow = { ...this.settingsNow, ...patch };
    return ok(this.settingsNow);
  }

  async messages(caller: Caller, query: unknown): Promise<Result<unknown>> {
    this.calls.push(["messages", query]);
    return this.#enter(caller) ?? ok({ messages: [], next_before: null });
  }

  async cancel(caller: Caller, turnId?: string): Promise<Result<{ stopped: number; dropped: number }>> {
    this.calls.push(["cancel", turnId]);
    return this.#enter(caller) ?? ok({ stopped: 1, dropped: 0 });
  }

  async stats(caller: Caller, days: number): Promise<Result<unknown>> {
    this.calls.push(["stats", days]);
    return this.#enter(caller) ?? ok({ days });
  }

  async providers(caller: Caller): Promise<Result<unknown[]>> {
    const view = { provider: "anthropic", endpoint: "default", source: "user", baseUrl: null, lastFour: "abcd", updatedAt: 0 };
    return this.#enter(caller) ?? ok([view]);
  }

  async putProvider(
    caller: Caller,
    input: { provider: string; endpoint: string; apiKey?: string; baseUrl?: string },
  ): Promise<Result<unknown>> {
    this.calls.push(["putProvider", input]);
    const view = {
      provider: input.provider,
      endpoint: input.endpoint,
      source: "user",
      baseUrl: input.baseUrl ?? null,
      lastFour: "abcd",
      updatedAt: 1,
    };
    return this.#enter(caller) ?? ok(view);
  }

  async deleteProvider(caller: Caller, provider: string, endpoint: string): Promise<Result<null>> {
    this.calls.push(["deleteProvider", provider, endpoint]);
    return this.#enter(caller) ?? ok(null);
  }

  async testProvider(caller: Caller, input: unknown): Promise<Result<unknown>> {
    this.calls.push(["testProvider", input]);
    return this.#enter(caller) ?? ok({ ok: true, message: "It works.", models: ["m"], tokenCount: 9, latencyMs: 5 });
  }

  async setAccess(userId: string): Promise<void> {
    this.calls.push(["setAccess", userId]);
  }

  /** The socket of the real object, as far as the Worker sees it. */
  async fetch(url: string, init: RequestInit): Promise<Response> {
    const headers = Object.fromEntries(new Headers(init.headers));
    this.calls.push(["fetch", url, headers]);
    const [client, server] = Object.values(new WebSocketPair());
    if (!client || !server) throw new Error("no pair");
    server.accept();
    server.send(JSON.stringify({ hello: this.userId }));
    return new Response(null, { status: 101, webSocket: client });
  }
}
