import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { bytesOf, claudeExport, gptConversation, gptExport, gptMessage, workspace, zip } from "../import/fixtures.ts";
import { httpMessage } from "../support/agent-client.ts";
import { ask, importUser, memoriesOf, planImport, runImport, textsOf } from "../support/import-user.ts";

describe("import.plan", () => {
  test("says what was found and what will be done, and writes nothing else", async () => {
    const user = await importUser();
    const found = await planImport(user, zip(gptExport()), "export.zip");
    expect(found.format).toBe("chatgpt");
    expect(found.lines.map(({ kind, count }) => [kind, count])).toEqual([
      ["persona", 1],
      ["memory", 2],
      ["conversation", 2],
    ]);
    expect(found.lines.find(({ kind }) => kind === "conversation")?.what).toMatch(/^2 conversations with 4 messages from ChatGPT/);
    expect(found.lines.find(({ kind }) => kind === "conversation")?.examples).toEqual(["Trip to Oslo", "Pictures"]);
    expect(await ask(user, "import.report", found.id)).toMatchObject({ status: "planned", progress: 0 });
    expect(await textsOf(user, { search: "ferry" })).toEqual([]);
    expect(await memoriesOf(user)).toEqual([]);
    expect(unwrap(await user.stub.settings(user.caller)).persona).toBe("");
  });

  test("refuses another user's upload, one that is not there, and what cannot be imported", async () => {
    const [ada, bob] = [await importUser(), await importUser()];
    const key = `u/${ada.id}/uploads/2026-05/x`;
    await env.FILES.put(key, zip(gptExport()));
    expect(await bob.stub.ask(bob.caller, "import.plan", { key, name: "x.zip" })).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
    expect(await ada.stub.ask(ada.caller, "import.plan", { key: `${key}y`, name: "x.zip" })).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
    await env.FILES.put(key, bytesOf("{}"));
    expect(await ada.stub.ask(ada.caller, "import.plan", { key, name: "x.json" })).toMatchObject({
      ok: false,
      error: { code: "unsupported" },
    });
    expect(await ada.stub.ask(ada.caller, "import.run", "none")).toMatchObject({ ok: false, error: { code: "not_found" } });
  });
});

describe("import.run", () => {
  test("takes a ChatGPT export over once, however often it runs", async () => {
    const user = await importUser();
    const found = await planImport(user, zip(gptExport()), "export.zip");
    const report = await runImport(user, found.id);
    expect(report).toMatchObject({
      status: "done",
      progress: 1,
      error: null,
      added: { persona: 1, memory: 2, conversation: 2, document: 0, skill: 0 },
    });
    const before = await memoriesOf(user);
    // Again, and once more from a new upload.
    expect(await runImport(user, found.id)).toEqual(report);
    const other = await planImport(user, zip(gptExport()), "export.zip");
    expect(other.lines.map(({ what }) => what).every((what) => what.includes("here already"))).toBe(true);
    expect(await runImport(user, other.id)).toMatchObject({ added: { persona: 0, memory: 0, conversation: 0 } });
    expect(await memoriesOf(user)).toEqual(before);
    expect(await textsOf(user, { conversation_id: "import:chatgpt:c1" })).toEqual([
      "When does the ferry leave?",
      "The ferry leaves at nine.",
    ]);
    expect(unwrap(await user.stub.settings(user.caller)).persona).toBe("Be brief.");
  });

  test("makes conversations searchable, with their times, and keeps them out of history and context", async () => {
    const user = await importUser();
    await user.model.set([{ text: "Hello." }, { text: "Hello again." }]);
    unwrap(await user.stub.converse(user.caller, httpMessage("hi"), 20_000));
    await runImport(user, (await planImport(user, zip(gptExport()), "export.zip")).id);
    expect(await textsOf(user, {})).toEqual(["hi", "Hello."]);
    const [ferry] = unwrap(await user.stub.messages(user.caller, { limit: 5, search: "ferry leaves nine" })).messages;
    expect(ferry).toMatchObject({ conversation_id: "import:chatgpt:c1", role: "assistant", created_at: 1_700_000_005_000 });
    unwrap(await user.stub.converse(user.caller, httpMessage("hello?"), 20_000));
    expect(await textsOf(user, {})).toEqual(["hi", "Hello.", "hello?", "Hello again."]);
    await expect
      .poll(async () =>
        (await ask(user, "memory.recall", { text: "when does the ferry leave", limit: 5 })).some(
          ({ space, tainted }) => space === "archive" && tainted,
        ),
      )
      .toBe(true);
  });

  test("takes over only what is new of a later export", async () => {
    const user = await importUser();
    const messages = [gptMessage("u", "user", "first question"), gptMessage("a", "assistant", "first answer")];
    const upload = (list: typeof messages) => planImport(user, bytesOf([gptConversation("c", "Long", list)]), "conversations.json");
    await runImport(user, (await upload(messages)).id);
    const later = await runImport(user, (await upload([...messages, gptMessage("u2", "user", "second question")])).id);
    expect(later.added.conversation).toBe(1);
    expect(await textsOf(user, { conversation_id: "import:chatgpt:c" })).toEqual(["first question", "first answer", "second question"]);
  });

  test("takes an OpenClaw workspace over: below the persona that the user set, memories marked as imported", async () => {
    const user = await importUser();
    unwrap(await user.stub.updateSettings(user.caller, { persona: "Call me Captain." }));
    const found = await planImport(user, zip(workspace()), "workspace.zip");
    expect(found.lines.find(({ kind }) => kind === "persona")?.what).toContain("added below what you have written");
    const report = await runImport(user, found.id);
    expect(report.added).toEqual({ persona: 1, memory: 8, conversation: 0, document: 0, skill: 0 });
    expect(report.skipped).toContainEqual({ path: "skills/weather/SKILL.md", reason: "Skills come in a later version." });
    expect(unwrap(await user.stub.settings(user.caller)).persona).toBe(
      "Call me Captain.\n\nName: Alfred\nEmoji: 🎩\n\nBe direct. Have opinions.",
    );
    const { versions } = unwrap(await user.stub.configVersions(user.caller, 1, null));
    expect(versions[0]).toMatchObject({ author: "user", summary: "Imported how the agent should be" });
    const [oak] = (await memoriesOf(user)).filter(({ text }) => text.includes("oak"));
    expect(oak).toMatchObject({
      kind: "episode",
      about_at: Date.UTC(2026, 4, 12, 12),
      confidence: 0.8,
      tainted: true,
      source: { kind: "import", id: found.id },
    });
    // What was forgotten does not come back.
    await ask(user, "memory.forget", oak?.id ?? null);
    await runImport(user, found.id);
    expect((await memoriesOf(user)).filter(({ text }) => text.includes("oak"))).toEqual([]);
  });

  test("cuts a persona that does not fit, and says so", async () => {
    const user = await importUser();
    unwrap(await user.stub.updateSettings(user.caller, { persona: "x".repeat(1_000) }));
    const soul = Array.from({ length: 100 }, (_, index) => `Paragraph ${index} of what it should be like.`).join("\n\n");
    const report = await runImport(user, (await planImport(user, zip({ "SOUL.md": soul }), "w.zip")).id);
    const { persona } = unwrap(await user.stub.settings(user.caller));
    expect(persona.length).toBeLessThanOrEqual(4_000);
    expect(persona.startsWith(`${"x".repeat(1_000)}\n\nParagraph 0`)).toBe(true);
    expect(persona.endsWith("like.")).toBe(true);
    expect(report.skipped[0]?.reason).toMatch(/did not fit/);
  });

  test("takes a folder of Markdown and a Claude project over as documents, once", async () => {
    const user = await importUser();
    const found = await planImport(
      user,
      zip({ "Vault/a.md": "# Alpha\n\nThe margay climbs down head first.", "Vault/b.md": "# Beta\n\nOther." }),
      "vault.zip",
    );
    expect((await runImport(user, found.id)).added.document).toBe(2);
    expect(await runImport(user, found.id)).toMatchObject({ status: "done", added: { document: 2 } });
    expect((await runImport(user, (await planImport(user, zip(claudeExport()), "data.zip")).id)).added).toMatchObject({
      document: 1,
      memory: 2,
      conversation: 1,
    });
    const { documents } = await ask(user, "knowledge.documents", { limit: 50 });
    expect(documents.map(({ name }) => name).toSorted()).toEqual(["Garden/beds.md", "a.md", "b.md"]);
    expect((await ask(user, "knowledge.collections", null)).map(({ name, documents: count }) => [name, count]).toSorted()).toEqual([
      ["Garden", 1],
      ["Vault", 2],
    ]);
    await expect
      .poll(async () => (await ask(user, "knowledge.search", { text: "margay climbs", limit: 3, collections: null })).length, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
  });

  test("goes on in the background with what is too much for one go", async () => {
    const user = await importUser();
    const conversations = Array.from({ length: 90 }, (_, index) =>
      gptConversation(
        `c${index}`,
        `Talk ${index}`,
        Array.from({ length: 60 }, (_unused, place) =>
          gptMessage(`m${place}`, place % 2 ? "assistant" : "user", `word${index} line${place}`),
        ),
      ),
    );
    const found = await planImport(user, zip({ "conversations.json": conversations }), "export.zip");
    const first = await ask(user, "import.run", found.id);
    expect(first.status).toBe("running");
    expect(first.progress).toBeGreaterThan(0.5);
    expect((await runImport(user, found.id)).added.conversation).toBe(90);
    expect(await textsOf(user, { search: "word89 line59" })).toEqual(["word89 line59"]);
  });
});
