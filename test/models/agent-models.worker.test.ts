import { describe, expect, it } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";

const say = async (user: TestUser, text: string) => unwrap(await user.stub.converse(user.caller, httpMessage(text), 20_000));

// The first call loads the whole Worker, which takes seconds on a busy machine.
describe("models in a user's object", { timeout: 60_000 }, () => {
  it("answer through the user's own key, and what they cost is in the statistics", async () => {
    const user = await testUser();
    await user.model.set([{ text: "Good morning.", usage: { inputTokens: 2000, outputTokens: 100, cachedInputTokens: 1000 } }]);
    const outcome = await say(user, "Hello");
    expect(outcome).toMatchObject({ status: "done", reply: "Good morning." });
    expect(outcome.usage).toMatchObject({ input_tokens: 2000, output_tokens: 100, cached_input_tokens: 1000, model_calls: 1 });
    expect(outcome.usage.cost_micro_usd).toBeGreaterThan(0);
    const stats = unwrap(await user.stub.stats(user.caller, 1));
    expect(stats.total).toEqual(outcome.usage);
    expect(stats.by_model.map(({ model }) => model)).toEqual([outcome.model]);
    expect(stats.by_agent.map(({ agent }) => agent)).toEqual(["coordinator"]);
    expect(stats.budget.day_spent_usd).toBe((outcome.usage.cost_micro_usd ?? 0) / 1e6);
  });

  it("are not asked once the user's cap does not allow it, and the user is told", async () => {
    const user = await testUser({ dayCapMicroUsd: 10 });
    await user.model.set([]);
    const outcome = await say(user, "Hello");
    expect(outcome.status).toBe("failed");
    expect(outcome.error).toMatchObject({ code: "budget_exceeded", message: expect.stringContaining("Today's spending limit") });
    expect(await user.model.requests()).toEqual([]);
  });

  it("fall over within a chain that the user chose", async () => {
    const user = await testUser();
    unwrap(
      await user.stub.updateSettings(user.caller, {
        models: {
          fast: ["anthropic/claude-opus-5-5", "anthropic/claude-haiku-4-5"],
          smart: ["anthropic/claude-opus-5-5", "anthropic/claude-haiku-4-5"],
          vision: null,
        },
      }),
    );
    await user.model.set([{ error: { status: 404 } }, { text: "From the second." }]);
    const outcome = await say(user, "Hello");
    expect(outcome).toMatchObject({ status: "done", reply: "From the second.", model: "anthropic/claude-haiku-4-5" });
  });

  it("can be tested with the stored key and with one that is only typed", async () => {
    const user = await testUser();
    await user.model.set([]);
    const stored = unwrap(await user.stub.testProvider(user.caller, { provider: "anthropic", endpoint: "default" }));
    expect(stored).toMatchObject({ ok: true, tokenCount: expect.any(Number) });
    expect(stored.models).toContain("claude-haiku-4-5");
    await user.model.set([], { error: { status: 401 } });
    const refused = unwrap(await user.stub.testProvider(user.caller, { provider: "anthropic", endpoint: "default" }));
    expect(refused).toMatchObject({ ok: false, models: [] });
    expect(JSON.stringify([stored, refused])).not.toContain(user.model.key);
  });
});
