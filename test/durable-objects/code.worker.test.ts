import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { ACCESS, httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { approve, said, titles } from "../support/asked-user.ts";
import { planOf, propose } from "../support/plan-user.ts";
import { worker } from "../support/task-steps.ts";
import { asWorker, begin, ended, operation } from "../support/task-user.ts";

const runs = (code: string) => ({ toolCalls: [{ name: "run_javascript", input: { code } }] });
/** What the model was told at last. */
const told = async ({ model }: TestUser): Promise<string> => JSON.stringify((await model.requests()).at(-1)?.body);

describe("run_javascript in an agent", () => {
  test("works with files and calls tools, and its load is counted", async () => {
    const user = await testUser();
    await operation(user, "files.write", { path: "/uploads/a.csv", bytes: new TextEncoder().encode("n,eur\n1,7\n2,5"), mime: "text/csv" });
    const code = `const rows = (await files.readText("/uploads/a.csv")).split("\\n").slice(1).map((line) => Number(line.split(",")[1]));
      for (const row of rows) await tools.add_todo({ title: "Pay " + row });
      await files.write("/outputs/sum.json", { sum: rows.reduce((a, b) => a + b) });
      console.log("read", rows.length);
      rows.length`;
    await user.model.set([runs(code), { text: "Done." }]);
    const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("add it up"), 20_000));
    expect(outcome).toMatchObject({ status: "done", reply: "Done.", actions: [{ type: "run_javascript", status: "done" }] });
    expect((await titles(user)).toSorted()).toEqual(["Pay 5", "Pay 7"]);
    expect(await told(user)).toContain("/outputs/sum.json");
    const { content, file } = await operation(user, "files.content", { path: "/outputs/sum.json", version: null });
    expect(content).toMatchObject({ text: '{\n  "sum": 12\n}' });
    expect(file.untrusted).toContain("/uploads/a.csv");
    const stats = unwrap(await user.stub.stats(user.caller, 1));
    expect(stats.by_model).toContainEqual(expect.objectContaining({ model: "cloudflare/dynamic-worker", cost_micro_usd: 2_000 }));
  });

  test("a cap that is lowered holds for its loads at once", async () => {
    const user = await testUser();
    const run = async (): Promise<unknown> => {
      const step = { name: "a", title: "Run", work: { kind: "tool", tool: "run_javascript", input: { code: "1" } } };
      const { id, revision } = await propose(user, [step]);
      await operation(user, "plans.run", { id, revision, approveRest: true });
      await expect.poll(async () => (await planOf(user, id)).status).not.toBe("running");
      const [done] = (await planOf(user, id)).steps;
      return done?.error?.message ?? done?.result;
    };
    expect(await run()).toContain("1");
    await user.stub.setAccess(user.id, { ...ACCESS, authVersion: 2, dayCapMicroUsd: 2_500 });
    user.caller.authVersion = 2;
    expect(await run()).toContain("Today's spending limit of $0.0025");
  });

  test("a code that ends with an error has failed, for who looks and for a plan, and says what is done otherwise here", async () => {
    const user = await testUser();
    const code = `import { readFileSync } from "node:fs"; readFileSync("/uploads/a.csv", "utf8")`;
    await user.model.set([runs(code), { text: "It went wrong." }]);
    const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("read it"), 20_000));
    expect(outcome).toMatchObject({ status: "done", actions: [{ type: "run_javascript", status: "failed" }] });
    expect(await told(user)).toContain("Files are read with files.readText");
    const step = { name: "a", title: "Run", work: { kind: "tool", tool: "run_javascript", input: { code } } };
    const { id, revision } = await propose(user, [step]);
    await operation(user, "plans.run", { id, revision, approveRest: true });
    await expect.poll(async () => (await planOf(user, id)).status).toBe("failed");
    expect((await planOf(user, id)).steps[0]?.error?.message).toContain("no such file");
  });

  test("one undo takes back all that it wrote", async () => {
    const user = await testUser();
    await user.model.set([runs(`await files.write("/outputs/a.txt", "a"); await files.write("/outputs/b.txt", "b");`), { text: "Done." }]);
    unwrap(await user.stub.converse(user.caller, httpMessage("write"), 20_000));
    const listed = () => operation(user, "files.list", { path: "/outputs", search: "", state: "current", limit: 10 });
    expect((await listed()).files).toHaveLength(2);
    expect(unwrap(await user.stub.undo(user.caller, null))).toMatchObject({ tool: "run_javascript" });
    expect((await listed()).files).toEqual([]);
  });

  test("a call in it that waits for a person is told to the conversation when they answer, once", async () => {
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    const code = `const a = await tools.add_todo({ title: "Water the plants" }).catch((error) => error.name); a + " and on"`;
    await user.model.set([runs(code), { text: "I asked you." }], { text: "The plants are on your list." });
    const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("do it"), 20_000));
    expect(outcome).toMatchObject({ status: "done", reply: "I asked you." });
    const { approvals } = unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 10 }));
    expect(approvals).toMatchObject([{ tool: "add_todo", turn_id: outcome.turn_id }]);
    const id = approvals[0]?.id ?? "";
    expect(await told(user)).toContain("WaitsForApproval and on");
    expect(await titles(user)).toEqual([]);
    unwrap(await approve(user, id));
    await expect.poll(() => said(user)).toContain("The plants are on your list.");
    expect(await titles(user)).toEqual(["Water the plants"]);
    expect(await told(user)).toContain("The user approved add_todo, and it is done");
    expect(await approve(user, id)).toMatchObject({ ok: false });
  });
});

describe("run_javascript in a task", () => {
  test("writes a program, runs it with its test, and the result says so", async () => {
    const user = await testUser();
    const write = (path: string, text: string) => worker({ toolCalls: [{ name: "write_file", input: { path, text } }] });
    await user.model.set([
      write("/outputs/double.js", "export const double = (n) => n + n + 1;"),
      write(
        "/outputs/double.test.js",
        `import assert from "node:assert/strict";\nimport { double } from "./double.js";\nexport function test() { assert.equal(double(2), 4); return "1 test passed"; }`,
      ),
      worker(runs(`import { test } from "/outputs/double.test.js"\ntest()`)),
      worker({ toolCalls: [{ name: "edit_file", input: { path: "/outputs/double.js", old: " + 1", new: "" } }] }),
      worker(runs(`import { test } from "/outputs/double.test.js"\ntest()`)),
      worker({ text: "double.js doubles a number. I ran its test: 1 test passed." }),
    ]);
    const task = await ended(user, await begin(user, { input: "write double", profile: "code" }));
    expect(task).toMatchObject({
      status: "done",
      result: "double.js doubles a number. I ran its test: 1 test passed.",
      artifacts: [{ path: "/outputs/double.js" }, { path: "/outputs/double.test.js" }],
    });
    expect(task.notes).toBeUndefined();
    const requests = await asWorker(user);
    expect(requests[3]).toContain("AssertionError");
    expect(requests[5]).toContain("1 test passed");
  });

  test("says it plainly where a program was not run, after it was told once", async () => {
    const user = await testUser();
    const write = { toolCalls: [{ name: "write_file", input: { path: "/outputs/a.js", text: "export const a = 1;" } }] };
    await user.model.set([worker(write), worker({ text: "It works." }), worker({ text: "It works, I am sure." })]);
    const task = await ended(user, await begin(user, { input: "write a", profile: "code" }));
    expect(task).toMatchObject({ status: "done", notes: ["Not run after the last change: /outputs/a.js."] });
    const [, , corrected = ""] = await asWorker(user);
    expect(corrected).toContain("changed and not run afterwards");
  });

  test("a call in it that waits makes the task wait; then it runs once and what became of it is in the run's result", async () => {
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { write_file: "ask" } }));
    const code = `await tools.write_file({ path: "/outputs/a.txt", text: "a" }).catch((error) => error.name)`;
    await user.model.set([worker(runs(code)), worker({ text: "It is written." })]);
    const id = await begin(user, { input: "write", profile: "code" });
    await expect.poll(async () => (await operation(user, "tasks.get", id)).status).toBe("waiting_approval");
    expect(await asWorker(user)).toHaveLength(1);
    const { approvals } = unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 10 }));
    expect(approvals).toMatchObject([{ tool: "write_file" }]);
    unwrap(await approve(user, approvals[0]?.id ?? ""));
    expect(await ended(user, id)).toMatchObject({ status: "done", result: "It is written.", artifacts: [{ path: "/outputs/a.txt" }] });
    const [, after = ""] = await asWorker(user);
    expect(after).toContain("what_became_of_what_waited");
    expect(after).toContain("/outputs/a.txt");
    const file = await operation(user, "files.get", "/outputs/a.txt");
    expect(file.version).toBe(1);
  });

  test("has exactly the tools of its profile in scope", async () => {
    const user = await testUser();
    await user.model.set([worker(runs("Object.keys(tools).sort().join(' ')")), worker({ text: "Looked." })]);
    await ended(user, await begin(user, { input: "look", profile: "code" }));
    const [, after = ""] = await asWorker(user);
    const [names = ""] = /"value\\*":\\*"[a-z_ ]+/u.exec(after) ?? [];
    for (const own of ["edit_file", "read_file", "recall", "web_fetch", "write_file"]) expect(names).toContain(own);
    for (const other of ["delegate", "add_todo", "change_settings", "run_javascript", "run_shell", "run_python", "install_package"])
      expect(names).not.toContain(other);
  });
});
