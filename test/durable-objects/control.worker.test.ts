import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { httpMessage, testUser } from "../support/agent-client.ts";
import { ADD, approve, asked, said, state, titles } from "../support/asked-user.ts";

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

  test("leaves alone what the user changed since", async () => {
    const user = await testUser();
    await user.model.set([ADD], { text: "Added." });
    await user.stub.converse(user.caller, httpMessage("add it"), 20_000);
    const [todo] = unwrap(await user.stub.listTodos(user.caller, { status: "all", limit: 10 }));
    await scheduler.wait(5);
    unwrap(await user.stub.updateTodo(user.caller, todo?.id ?? "", { title: "Water them all" }));
    expect(await user.stub.undo(user.caller, null)).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(await titles(user)).toEqual(["Water them all"]);
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
    await tamper("UPDATE audit SET entry = 'not JSON' WHERE seq = 2");
    expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toMatchObject({ seq: 2 });
    expect(unwrap(await user.stub.audit(user.caller, { limit: 50 })).length).toBeGreaterThan(3);
    await tamper("DELETE FROM audit WHERE seq = 2");
    expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toMatchObject({ seq: 3 });
  });

  test("finds an entry that is hidden from searches by another kind or time in its row", async () => {
    const user = await testUser();
    await user.stub.converse(user.caller, httpMessage("a"), 20_000);
    await runInDurableObject(user.object, (_agent, { storage }) => {
      storage.sql.exec("DROP TRIGGER audit_keeps");
      storage.sql.exec("UPDATE audit SET at = 0 WHERE seq = 2");
    });
    expect(unwrap(await user.stub.verifyAudit(user.caller)).fault).toEqual({ seq: 2, problem: "it was changed" });
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
