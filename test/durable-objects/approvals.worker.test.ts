import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";
import { ADD, approve, asked, said, state, titles } from "../support/asked-user.ts";

describe("UserAgent, asked for a yes", () => {
  test("does nothing until it is given, and says what it waits for and how to answer", async () => {
    const user = await asked();
    expect(await titles(user)).toEqual([]);
    const view = unwrap(await user.stub.approval(user.caller, user.approvalId));
    expect(view).toMatchObject({ state: "pending", tool: "add_todo", effect: "write", channel: "http", warning: null });
    expect(view.arguments).toContain("Water the plants");
    const again = unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages.find(({ role }) => role === "user");
    const outcome = unwrap(await user.stub.outcome(user.caller, again?.id ?? "", 0));
    expect(outcome.reply).toContain(`/approve ${view.number}`);
    expect(outcome.actions).toMatchObject([{ type: "add_todo", status: "waiting" }]);
  });

  test("runs it once when approved, and goes on with what came of it", async () => {
    const user = await asked("The plants are on your list.");
    expect(unwrap(await approve(user, user.approvalId))).toMatchObject({ state: expect.stringMatching(/approved|executing|done/) });
    await expect.poll(() => said(user)).toContain("The plants are on your list.");
    expect(await titles(user)).toEqual(["Water the plants"]);
    expect(await state(user, user.approvalId)).toBe("done");
    const last = JSON.stringify((await user.model.requests()).at(-1)?.body);
    expect(last).toContain("The user approved add_todo, and it is done");
    // What waited in the conversation is now what happened.
    expect(last).not.toContain("waiting_for_approval");
    expect(last).toContain("Water the plants");
  });

  test("does not do it when denied, and the reason reaches the model", async () => {
    const user = await asked("Understood.");
    unwrap(await approve(user, user.approvalId, "deny", "I have no plants"));
    await expect.poll(() => said(user)).toContain("Understood.");
    expect(await titles(user)).toEqual([]);
    const last = JSON.stringify((await user.model.requests()).at(-1)?.body);
    expect(last).toContain("The user said no to add_todo");
    expect(last).toContain("I have no plants");
  });

  test("takes the first of many answers, on one channel or several, at once or later", async () => {
    const user = await asked();
    const answers = await Promise.all([
      approve(user, user.approvalId),
      approve(user, user.approvalId),
      user.stub.answerApproval(user.caller, user.approvalId, { answer: "once" }, "web"),
      approve(user, user.approvalId, "deny"),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await expect.poll(() => state(user, user.approvalId)).toBe("done");
    for (const answer of ["once", "deny", "always"] as const)
      expect(await approve(user, user.approvalId, answer)).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(await titles(user)).toEqual(["Water the plants"]);
  });

  test("lets nobody else answer, and nobody answer what there is not", async () => {
    const [user, eve] = [await asked(), await testUser()];
    expect(await eve.stub.answerApproval(eve.caller, user.approvalId, { answer: "once" }, "http")).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
    expect(await user.stub.answerApproval(eve.caller, user.approvalId, { answer: "once" }, "http")).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
    expect(await titles(user)).toEqual([]);
  });

  test("counts no answer in time as a no, tells the agent, and takes none after it", async () => {
    const user = await asked("It was too late.");
    // An hour ago it would have been in time.
    await runInDurableObject(user.object, (_agent, { storage }) => {
      storage.sql.exec("UPDATE approval SET expires_at = ?", Date.now() - 1);
    });
    expect(await approve(user, user.approvalId)).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(await state(user, user.approvalId)).toBe("expired");
    await expect.poll(() => said(user)).toContain("It was too late.");
    expect(await titles(user)).toEqual([]);
    expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).toContain("Nobody answered in time about add_todo");
  });

  test("expires by its own alarm when nobody calls", async () => {
    const user = await asked("Too late.");
    await runInDurableObject(user.object, async (agent, { storage }) => {
      storage.sql.exec("UPDATE approval SET expires_at = ?", Date.now() - 1);
      await agent.lifecycle.jobs.push({ id: "approvals", fn: "approvals", time: Date.now() - 1 });
    });
    await runDurableObjectAlarm(user.object);
    await expect.poll(() => state(user, user.approvalId)).toBe("expired");
  });

  test("refuses what was changed after it was asked: arguments, tool version, or a tool switched off", async () => {
    const changes: Record<string, (user: TestUser) => Promise<unknown>> = {
      arguments: (user) =>
        runInDurableObject(
          user.object,
          (_agent, { storage }) => void storage.sql.exec(`UPDATE approval SET input = '{"title":"Something else"}'`),
        ),
      version: (user) =>
        runInDurableObject(user.object, (_agent, { storage }) => void storage.sql.exec("UPDATE approval SET version = '0'")),
      policy: async (user) => unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "off" } })),
    };
    for (const [what, change] of Object.entries(changes)) {
      const user = await asked();
      await change(user);
      unwrap(await approve(user, user.approvalId));
      await expect.poll(() => state(user, user.approvalId), { message: what }).toBe("failed");
      expect(await titles(user), what).toEqual([]);
    }
  });

  test("asks once more for the same call after a yes to it: each is used once", async () => {
    const user = await asked();
    unwrap(await approve(user, user.approvalId));
    await expect.poll(() => state(user, user.approvalId)).toBe("done");
    await user.model.set([ADD], { text: "Again?" });
    expect(unwrap(await user.stub.converse(user.caller, httpMessage("once more"), 20_000)).status).toBe("waiting_approval");
    expect(await titles(user)).toEqual(["Water the plants"]);
  });

  test("told always, asks no more for exactly this, until the permission is taken back", async () => {
    const user = await asked();
    unwrap(await approve(user, user.approvalId, "always"));
    await expect.poll(() => state(user, user.approvalId)).toBe("done");
    const again = async (input: object) => {
      await user.model.set([{ toolCalls: [{ name: "add_todo", input }] }], { text: "ok" });
      return unwrap(await user.stub.converse(user.caller, httpMessage("again"), 20_000)).status;
    };
    expect(await again({ title: "Water the plants" })).toBe("done");
    expect(await again({ title: "Something else" })).toBe("waiting_approval");
    const [grant] = unwrap(await user.stub.grants(user.caller));
    const label = "“Add to-do” with exactly these arguments: Add “Water the plants” to your to-dos";
    expect(grant).toMatchObject({ tool: "add_todo", taskId: null, uses: 1, label });
    unwrap(await user.stub.revokeGrant(user.caller, grant?.id ?? ""));
    expect(await user.stub.revokeGrant(user.caller, grant?.id ?? "")).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(await again({ title: "Water the plants" })).toBe("waiting_approval");
  });

  test("in a turn that nobody waits for goes on without it", async () => {
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([ADD], { text: "I asked you about the plants." });
    const hook = httpMessage("", {
      channel: "webhook",
      replyTo: { channel: "webhook" },
      content: [{ kind: "context", origin: "a web hook", text: "the soil is dry" }],
    });
    const outcome = unwrap(await user.stub.converse(user.caller, hook, 20_000));
    expect(outcome.reply).toContain("I asked you about the plants.");
    expect(unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 10 })).approvals).toMatchObject([
      { tool: "add_todo", state: "pending", warning: expect.stringContaining("outside") },
    ]);
  });

  test("is answered by a command, in words", async () => {
    const user = await asked("Planted.");
    const { number } = unwrap(await user.stub.approval(user.caller, user.approvalId));
    const answer = unwrap(await user.stub.converse(user.caller, httpMessage(`/approve ${number}`), 20_000));
    expect(answer.reply).toContain("Approved, this once");
    await expect.poll(() => said(user)).toContain("Planted.");
    expect(await titles(user)).toEqual(["Water the plants"]);
  });

  test("is told the outcome of by whoever polls, once it is settled", async () => {
    const user = await asked("Planted.");
    const first = unwrap(await user.stub.messages(user.caller, { limit: 50 })).messages.find(({ role }) => role === "user");
    unwrap(await approve(user, user.approvalId));
    await expect.poll(() => said(user)).toContain("Planted.");
    expect(unwrap(await user.stub.outcome(user.caller, first?.id ?? "", 0))).toMatchObject({
      status: "done",
      approvals: [],
      actions: [{ type: "add_todo", status: "done" }],
    });
  });

  test("is not asked any more when the question is asked again: only the new question's answer can do it", async () => {
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([ADD, ADD], { text: "ok" });
    const web = { channel: "web" as const, replyTo: { channel: "web" as const }, route: "socket" };
    const first = unwrap(await user.stub.converse(user.caller, httpMessage("add it", { ...web, externalId: "m1" }), 20_000));
    const again = httpMessage("add it, please", { ...web, externalId: "m2", replaces: "m1" });
    const second = unwrap(await user.stub.converse(user.caller, again, 20_000));
    const [old = "", now = ""] = [...first.approvals, ...second.approvals];
    const late = { code: "conflict", message: expect.stringContaining("it is not asked any more") };
    expect(await approve(user, old)).toMatchObject({ ok: false, error: late });
    unwrap(await approve(user, now));
    await expect.poll(() => said(user)).toContain("ok");
    expect(await titles(user)).toEqual(["Water the plants"]);
    expect(unwrap(await user.stub.approval(user.caller, old))).toMatchObject({
      state: "denied",
      outcome: expect.stringContaining("asked again"),
    });
  });

  test("twice in one stateless run, answered while it runs and after it, is told each time and harms nothing", async () => {
    const user = await testUser();
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    const other = { toolCalls: [{ name: "add_todo", input: { title: "Feed the cat" } }] };
    await user.model.set([ADD, { ...other, holdAfter: 0 }, { text: "both asked" }], { text: "heard" });
    const stream = unwrap(await user.stub.complete(user.caller, { text: "do both", images: [], history: [], tier: "smart" }));
    const read = new Response(stream).text();
    const waiting = async () => unwrap(await user.stub.approvals(user.caller, { state: "pending", limit: 10 })).approvals;
    await expect.poll(async () => (await waiting()).length).toBe(1);
    unwrap(await approve(user, (await waiting())[0]?.id ?? ""));
    await expect.poll(async () => (await user.model.requests()).length).toBe(2);
    await user.model.release();
    expect(await read).toContain("both asked");
    await expect.poll(async () => (await waiting()).length).toBe(1);
    unwrap(await approve(user, (await waiting())[0]?.id ?? "", "deny"));
    await expect.poll(() => said(user)).toContain("heard");
    expect(await titles(user)).toEqual(["Water the plants"]);
    expect(unwrap(await user.stub.converse(user.caller, httpMessage("still there?"), 20_000)).status).toBe("done");
  });

  test("with a permission whose writing failed leaves none behind, in memory either", async () => {
    const user = await asked();
    await runInDurableObject(user.object, (_agent, { storage }) => {
      storage.sql.exec(
        "CREATE TRIGGER broken BEFORE UPDATE ON approval WHEN new.state = 'approved' BEGIN SELECT raise(ABORT, 'broken'); END",
      );
    });
    expect(await approve(user, user.approvalId, "always").catch(() => "failed")).toBe("failed");
    await runInDurableObject(user.object, (_agent, { storage }) => void storage.sql.exec("DROP TRIGGER broken"));
    expect(unwrap(await user.stub.grants(user.caller))).toEqual([]);
    await user.model.set([ADD], { text: "?" });
    expect(unwrap(await user.stub.converse(user.caller, httpMessage("again"), 20_000)).status).toBe("waiting_approval");
    expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toBeNull();
  });
});
