import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { database } from "../../src/db/database.ts";
import { user as users } from "../../src/db/schema.ts";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser } from "../support/agent-client.ts";

test("what a turn cost reaches the owner's table in D1, by the object's upkeep and the queue", async () => {
  const user = await testUser();
  const at = new Date(0);
  const db = await database(env);
  await db.insert(users).values({ id: user.id, name: "Ada", email: `${user.id}@example.com`, createdAt: at, updatedAt: at });
  await user.model.set([{ text: "Good morning.", usage: { inputTokens: 2000, outputTokens: 100, cachedInputTokens: 1000 } }]);
  const { usage, model } = unwrap(await user.stub.converse(user.caller, httpMessage("Hello"), 20_000));
  // Upkeep is planned for a while after the last activity; here it is due at once.
  await runInDurableObject(user.object, (agent) =>
    agent.lifecycle.jobs.push({ id: "upkeep", fn: "upkeep", time: Date.now() }).then(() => undefined),
  );
  const rows = () =>
    env.DB.prepare(
      "SELECT model, agent, input_tokens, output_tokens, cached_input_tokens, micro_usd AS cost_micro_usd, calls FROM usage_day WHERE user_id = ?",
    )
      .bind(user.id)
      .all()
      .then(({ results }) => results);
  const { model_calls: calls, ...sums } = usage;
  await expect.poll(rows, { timeout: 20_000 }).toEqual([{ model, agent: "coordinator", ...sums, calls }]);
});
