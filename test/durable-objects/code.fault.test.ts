import { expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser } from "../support/agent-client.ts";
import { titles } from "../support/asked-user.ts";
import { crash } from "../support/crash.ts";
import { operation } from "../support/task-user.ts";

test("a run whose object is ended in the middle is run again, does what it had done once, and writes once", async () => {
  for (const delay of [0, 60, 140, 260]) {
    const user = await testUser();
    const code = `await tools.add_todo({ title: "first" });
      await files.write("/outputs/a.txt", "a");
      await new Promise((resolve) => setTimeout(resolve, 150));
      await tools.add_todo({ title: "second" });
      "ran"`;
    await user.model.set([{ toolCalls: [{ name: "run_javascript", input: { code } }] }], { text: "done" });
    const { messageId } = unwrap(await user.stub.receive(user.caller, httpMessage("run it")));
    await expect.poll(() => titles(user)).toContain("first");
    await scheduler.wait(delay);
    await crash();
    const outcome = unwrap(await user.stub.outcome(user.caller, messageId, 20_000));
    expect(outcome, `after ${delay} ms`).toMatchObject({
      status: "done",
      reply: "done",
      actions: [{ type: "run_javascript", status: "done" }],
    });
    expect((await titles(user)).toSorted(), `after ${delay} ms`).toEqual(["first", "second"]);
    expect((await operation(user, "files.get", "/outputs/a.txt")).version, `after ${delay} ms`).toBe(1);
    expect(JSON.stringify((await user.model.requests()).at(-1)?.body), `after ${delay} ms`).toContain("ran");
  }
});

test("a run that calls something else after it was ended stops, and says so", async () => {
  const user = await testUser();
  const code = `await tools.add_todo({ title: "at " + crypto.randomUUID() }); await new Promise((resolve) => setTimeout(resolve, 2_000)); 1`;
  await user.model.set([{ toolCalls: [{ name: "run_javascript", input: { code } }] }], { text: "done" });
  const { messageId } = unwrap(await user.stub.receive(user.caller, httpMessage("run it")));
  await expect.poll(async () => (await titles(user)).length).toBe(1);
  await crash();
  expect(unwrap(await user.stub.outcome(user.caller, messageId, 20_000))).toMatchObject({
    actions: [{ type: "run_javascript", status: "failed" }],
  });
  expect(await titles(user)).toHaveLength(1);
  expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).toContain("something else than before");
});
