import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser, type TestUser } from "../support/agent-client.ts";

const ADD = { toolCalls: [{ name: "add_todo", input: { title: "Water the plants" } }] };

/** A user who wants to be asked before every to-do, and a model that adds one. */
async function asked(then = "Done."): Promise<TestUser & { approvalId: string }> {
  const user = await testUser();
  unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
  await user.model.set([ADD], { text: then });
  const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("add it"), 20_000));
  expect(outcome.status).toBe("waiting_approval");
  const [approvalId = ""] = outcome.approvals;
  return Object.defineProperties(Object.create(null), {
    ...Object.getOwnPropertyDescriptors(user),
    approvalId: { value: approvalId },
  }) as TestUser & { approvalId: string };
}

const titles = async ({ stub, caller }: TestUser): Promise<string[]> =>
  unwrap(await stub.listTodos(caller, { status: "all", limit: 100 })).map(({ title }) => title);
const approve = (user: TestUser, id: string, answer: "once" | "task" | "always" | "deny" = "once", note?: string) =>
  user.stub.answerApproval(user.caller, id, { answer, note }, "http");
const state = async (user: TestUser, id: string) => unwrap(await user.stub.approval(user.caller, id)).state;
const said = async ({ stub, caller }: TestUser) =>
  unwrap(await stub.messages(caller, { limit: 50 })).messages.flatMap(({ role, text }) => (role === "assistant" ? [text] : []));

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
    expect(grant).toMatchObject({ tool: "add_todo", taskId: null, uses: 1, label: "add_todo with exactly these arguments" });
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
});

describe("UserAgent's configuration", () => {
  test("changes by the agent's wish only when approved, as a version that can be gone back from", async () => {
    const user = await testUser();
    await user.model.set([{ toolCalls: [{ name: "change_settings", input: { persona: "Speak like a pirate." } }] }], { text: "Arr." });
    const outcome = unwrap(await user.stub.converse(user.caller, httpMessage("be a pirate"), 20_000));
    expect(outcome.status).toBe("waiting_approval");
    expect(unwrap(await user.stub.settings(user.caller)).persona).toBe("");
    unwrap(await approve(user, outcome.approvals[0] ?? ""));
    await expect.poll(() => said(user)).toContain("Arr.");
    expect(unwrap(await user.stub.settings(user.caller)).persona).toBe("Speak like a pirate.");
    // The turn that went on knows it already.
    expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).toContain("How the user wants you to be:\\nSpeak like a pirate.");
    const { versions } = unwrap(await user.stub.configVersions(user.caller, 10, null));
    expect(versions[0]).toMatchObject({
      author: "agent",
      current: true,
      changes: [{ field: "persona", before: null, after: "Speak like a pirate." }],
    });
    const first = versions.at(-1)?.seq ?? 0;
    expect(unwrap(await user.stub.compareConfig(user.caller, first, null))).toMatchObject([{ field: "persona" }]);
    unwrap(await user.stub.restoreConfig(user.caller, first));
    expect(unwrap(await user.stub.settings(user.caller)).persona).toBe("");
    expect(unwrap(await user.stub.restoreConfig(user.caller, first))).toEqual([]);
    expect(await user.stub.restoreConfig(user.caller, 999)).toMatchObject({ ok: false, error: { code: "not_found" } });
  });

  test("goes back to the permissions of a version too", async () => {
    const user = await asked();
    unwrap(await approve(user, user.approvalId, "always"));
    const { versions } = unwrap(await user.stub.configVersions(user.caller, 10, null));
    const [granted, before] = versions;
    const held = async () => unwrap(await user.stub.grants(user.caller)).filter(({ revokedAt }) => revokedAt === null).length;
    expect(await held()).toBe(1);
    unwrap(await user.stub.restoreConfig(user.caller, before?.seq ?? 0));
    expect(await held()).toBe(0);
    unwrap(await user.stub.restoreConfig(user.caller, granted?.seq ?? 0));
    expect(await held()).toBe(1);
  });
});

describe("UserAgent's undo", () => {
  test("takes back the last change, once, and says so in the trail", async () => {
    const user = await testUser();
    await user.model.set([ADD], { text: "Added." });
    await user.stub.converse(user.caller, httpMessage("add it"), 20_000);
    const [change] = unwrap(await user.stub.undoable(user.caller));
    expect(change).toMatchObject({ tool: "add_todo", summary: "Added “Water the plants”" });
    expect(unwrap(await user.stub.undo(user.caller, null))).toMatchObject({ result: "Took back “Water the plants”" });
    expect(await titles(user)).toEqual([]);
    expect(await user.stub.undo(user.caller, null)).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(await user.stub.undo(user.caller, change?.id ?? "")).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(unwrap(await user.stub.audit(user.caller, { event: "undone" }))).toHaveLength(1);
  });

  test("of a question asked again takes back what its answer had done, so nothing is done twice", async () => {
    const user = await testUser();
    await user.model.set([ADD, { text: "Added." }, ADD], { text: "Added again." });
    const web = { channel: "web" as const, replyTo: { channel: "web" as const }, route: "socket", externalId: "m1" };
    const first = unwrap(await user.stub.converse(user.caller, httpMessage("add it", web), 20_000));
    expect(first.reply).toBe("Added.");
    const again = httpMessage("add it, please", { ...web, externalId: "m2", replaces: "m1" });
    const second = unwrap(await user.stub.converse(user.caller, again, 20_000));
    expect(second.reply).toBe("Added again.");
    expect(await titles(user)).toEqual(["Water the plants"]);
  });
});

describe("UserAgent's audit trail", () => {
  test("tells what was asked, decided and done, in a chain that holds", async () => {
    const user = await asked();
    unwrap(await approve(user, user.approvalId));
    await expect.poll(() => state(user, user.approvalId)).toBe("done");
    const entries = unwrap(await user.stub.audit(user.caller, { limit: 100 }));
    const events = entries.map(({ kind, event }) => `${kind} ${event}`);
    for (const event of [
      "message received",
      "call ask",
      "approval asked",
      "approval approved",
      "result done",
      "approval done",
      "turn done",
    ])
      expect(events).toContain(event);
    // Contents are there as hashes only, except for the line that a person is shown.
    expect(entries.find(({ kind }) => kind === "message")).toMatchObject({ input_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.stringify(entries.filter(({ kind }) => kind === "message"))).not.toContain("add it");
    const report = unwrap(await user.stub.verifyAudit(user.caller));
    expect(report).toMatchObject({ fault: null, entries: report.head.seq });
  });

  test("refuses to be changed, and finds it when its storage is", async () => {
    const user = await testUser();
    for (const text of ["a", "b", "c"]) await user.stub.converse(user.caller, httpMessage(text), 20_000);
    const tamper = (sql: string) =>
      runInDurableObject(user.object, (_agent, { storage }) => {
        storage.sql.exec("DROP TRIGGER IF EXISTS audit_keeps");
        storage.sql.exec("DROP TRIGGER IF EXISTS audit_stays");
        storage.sql.exec(sql);
      });
    await expect(
      runInDurableObject(user.object, (_agent, { storage }) => void storage.sql.exec("UPDATE audit SET event = 'x' WHERE seq = 2")),
    ).rejects.toThrow(/append-only/);
    await expect(
      runInDurableObject(user.object, (_agent, { storage }) => void storage.sql.exec("DELETE FROM audit WHERE seq = 2")),
    ).rejects.toThrow(/append-only/);
    await tamper("UPDATE audit SET entry = json_set(entry, '$.summary', 'nothing happened') WHERE seq = 2");
    expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toEqual({ seq: 2, problem: "it was changed" });
    await tamper("DELETE FROM audit WHERE seq = 2");
    expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toMatchObject({ seq: 3 });
  });

  test("is anchored outside once a day, so that cutting its end is found", async () => {
    const user = await testUser();
    await user.stub.converse(user.caller, httpMessage("a"), 20_000);
    const tidy = async () => {
      await runInDurableObject(user.object, async (agent) => {
        await agent.lifecycle.jobs.push({ id: "tidy", fn: "tidy", time: Date.now() - 1 });
      });
      await runDurableObjectAlarm(user.object);
    };
    await tidy();
    const anchored = unwrap(await user.stub.verifyAudit(user.caller));
    expect(anchored).toMatchObject({ fault: null, anchor: { seq: anchored.head.seq, matches: true } });
    // The first of a day stands.
    await user.stub.converse(user.caller, httpMessage("b"), 20_000);
    await tidy();
    expect(unwrap(await user.stub.verifyAudit(user.caller)).anchor?.seq).toBe(anchored.head.seq);
    await runInDurableObject(user.object, (_agent, { storage }) => {
      storage.sql.exec("DROP TRIGGER audit_stays");
      storage.sql.exec("DELETE FROM audit WHERE seq >= ?", anchored.head.seq);
    });
    expect(unwrap(await user.stub.verifyAudit(user.caller))).toMatchObject({
      fault: { seq: anchored.head.seq },
      anchor: { matches: false },
    });
  });
});

const TOKEN = `ghp_${"aB3".repeat(12)}`;

describe("UserAgent, given a secret in the chat", () => {
  test("takes it out before anything keeps it, offers to keep it, and keeps it when told", async () => {
    const user = await testUser();
    await user.model.set([], { text: "I see that something was taken out." });
    await user.stub.converse(user.caller, httpMessage(`my token is ${TOKEN}, use it`), 20_000);
    const all = JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })));
    expect(all).not.toContain(TOKEN);
    expect(all).toContain("[GitHub token taken out, kept aside as number 1]");
    expect(all).toContain("/secrets save 1");
    expect(JSON.stringify(await user.model.requests())).not.toContain(TOKEN);
    const saved = unwrap(await user.stub.converse(user.caller, httpMessage("/secrets save 1 github"), 20_000));
    expect(saved.reply).toContain("in your vault as `github`");
    expect(unwrap(await user.stub.secrets(user.caller)).map(({ name, lastFour }) => [name, lastFour])).toContainEqual([
      "github",
      "aB3".repeat(12).slice(-4),
    ]);
    const twice = unwrap(await user.stub.converse(user.caller, httpMessage("/secrets discard 1"), 20_000));
    expect(twice.reply).toContain("Nothing is kept aside as number 1");
  });

  test("forgets it, or gives it back, when told", async () => {
    const user = await testUser();
    await user.stub.converse(user.caller, httpMessage(`a ${TOKEN} and b ghp_${"Zz9".repeat(12)}`), 20_000);
    const command = async (text: string) => unwrap(await user.stub.converse(user.caller, httpMessage(text), 20_000)).reply;
    expect(await command("/secrets discard 1")).toContain("forgotten");
    expect(await command("/secrets restore 2")).toContain("back in your message");
    const all = JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })));
    expect(all).not.toContain(TOKEN);
    expect(all).toContain(`ghp_${"Zz9".repeat(12)}`);
    expect(unwrap(await user.stub.secrets(user.caller)).filter(({ name }) => name.startsWith("pasted:"))).toEqual([]);
  });

  test("shows it nowhere: not in the history, the trail, the model's requests, the settings or the approvals", async () => {
    const user = await testUser();
    const canary = "canary-7f3a9c-Value!";
    unwrap(await user.stub.putSecret(user.caller, "bank", canary, { hosts: ["api.bank.example.com"], place: "bearer" }));
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([{ toolCalls: [{ name: "list_activity", input: { what: "done" } }] }, ADD], { text: `the secret is ${canary}` });
    await user.stub.converse(user.caller, httpMessage("what is my bank secret?"), 20_000);
    const everything = JSON.stringify([
      unwrap(await user.stub.messages(user.caller, { limit: 50 })),
      unwrap(await user.stub.audit(user.caller, { limit: 100 })),
      unwrap(await user.stub.secrets(user.caller)),
      unwrap(await user.stub.settings(user.caller)),
      unwrap(await user.stub.approvals(user.caller, { state: "all", limit: 50 })),
      unwrap(await user.stub.configVersions(user.caller, 10, null)),
      (await user.model.requests()).map(({ body }) => body),
    ]);
    expect(everything).not.toContain(canary);
    const stored = await runInDurableObject(user.object, (_agent, { storage }) =>
      ["message", "audit", "tool_call", "approval", "setting", "inbox", "outbox", "turn", "step"].map((table) =>
        JSON.stringify(storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
      ),
    );
    expect(stored.join("\n")).not.toContain(canary);
  });

  test("said before it was stored, is taken out of what was said", async () => {
    const user = await testUser();
    await user.stub.converse(user.caller, httpMessage("the door code is hunter2-hunter2"), 20_000);
    unwrap(await user.stub.putSecret(user.caller, "door", "hunter2-hunter2"));
    await user.stub.converse(user.caller, httpMessage("hello"), 20_000);
    expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).not.toContain("hunter2-hunter2");
    expect(JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })))).not.toContain("hunter2-hunter2");
  });
});
