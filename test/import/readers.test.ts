import { describe, expect, test } from "vitest";
import { claudeExport, found, gptConversation, gptExport, gptMessage, ofKind, workspace, zip } from "./fixtures.ts";

describe("readOpenClaw()", () => {
  test("makes a persona of the soul and what is filled in of the identity", () => {
    const { format, items } = found(zip(workspace()), "workspace.zip");
    expect(format).toBe("openclaw");
    expect(ofKind(items, "persona")).toEqual([
      { kind: "persona", text: "Name: Alfred\nEmoji: 🎩\n\nBe direct. Have opinions.", from: "SOUL.md and IDENTITY.md" },
    ]);
  });

  test("makes memories of USER.md, MEMORY.md and memory/, with days", () => {
    const memories = ofKind(found(zip(workspace()), "workspace.zip").items, "memory").map(({ text, memory, aboutAt, from }) => [
      from,
      memory,
      text,
      aboutAt,
    ]);
    expect(memories).toEqual([
      ["USER.md", "profile", "About the user: Name: Kevin", null],
      ["USER.md", "profile", "About the user: Prefers short answers", null],
      ["USER.md", "profile", "About the user › Context: Builds boats\n- of wood", null],
      ["MEMORY.md", "fact", "Projects: Dinghy (2026): half done", null],
      ["MEMORY.md", "fact", "Projects: The yard is in Bergen.", null],
      ["memory/2026-05-12.md", "episode", "Decisions: Chose oak\nOrdered sails", Date.UTC(2026, 4, 12, 12)],
      ["memory/2026-05-12.md", "episode", "Later: Rain", Date.UTC(2026, 4, 12, 12)],
      ["memory/people.md", "fact", "Ada is a friend", null],
    ]);
  });

  test("keeps skills aside and says why other files are left out", () => {
    const { items } = found(zip(workspace()), "workspace.zip");
    expect(ofKind(items, "skill").map(({ path }) => path)).toEqual(["skills/weather/SKILL.md"]);
    expect(ofKind(items, "skipped").map(({ path }) => path)).toEqual(["memory/state.json", "AGENTS.md", "TOOLS.md"]);
  });

  test("finds the workspace within a folder, and looks at nothing outside of it", () => {
    const files = Object.fromEntries(Object.entries(workspace()).map(([path, content]) => [`.openclaw/workspace/${path}`, content]));
    const { items } = found(zip({ ...files, ".openclaw/credentials/token.md": "sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaa" }), "home.zip");
    expect(ofKind(items, "memory")).toHaveLength(8);
    expect(JSON.stringify(items)).not.toContain("sk-ant");
  });

  test("takes keys out of what is remembered", () => {
    const { items } = found(zip({ "SOUL.md": "x y z", "MEMORY.md": "- The key is sk-ant-api03-abcdefghijklmnopqrstuvwxyz" }), "w.zip");
    expect(ofKind(items, "memory").map(({ text }) => text)).toEqual(["The key is [Anthropic key taken out]"]);
  });
});

describe("readChatGpt()", () => {
  test("gives what was seen of conversations, without thoughts, tools and hidden messages", () => {
    const { format, items } = found(zip(gptExport()), "export.zip");
    expect(format).toBe("chatgpt");
    expect(ofKind(items, "conversation").map(({ id, title, messages }) => [id, title, messages])).toEqual([
      [
        "c1",
        "Trip to Oslo",
        [
          { role: "user", text: "When does the ferry leave?", at: 1_700_000_001_000, externalId: "u1" },
          { role: "assistant", text: "The ferry leaves at nine.", at: 1_700_000_005_000, externalId: "a1" },
        ],
      ],
      [
        "c2",
        "Pictures",
        [
          { role: "user", text: "[picture]\nWhat is this?", at: 1_700_000_000_250, externalId: "u2" },
          { role: "assistant", text: "A margay.", at: 1_700_000_000_250, externalId: "a2" },
        ],
      ],
    ]);
  });

  test("finds memories in calls of the bio tool, and custom instructions", () => {
    const { items } = found(zip(gptExport()), "export.zip");
    expect(ofKind(items, "memory").map(({ text, memory }) => [memory, text])).toEqual([
      ["fact", "User lives in Bergen and likes ferries."],
      ["profile", "About the user: I live in Bergen."],
    ]);
    expect(ofKind(items, "persona").map(({ text }) => text)).toEqual(["Be brief."]);
  });

  test("follows the line that was seen last, and survives trees that lead nowhere or in circles", () => {
    const branched = gptConversation(
      "b",
      "Branches",
      [gptMessage("u", "user", "q"), gptMessage("a", "assistant", "new")],
      [["u", gptMessage("old", "assistant", "old")]],
    );
    const circle = gptConversation("r", "Circle", [gptMessage("x", "user", "one"), gptMessage("y", "assistant", "two")]);
    const root = circle.mapping["root"];
    if (root) root.parent = "y";
    const lost = { ...gptConversation("l", "Lost", [gptMessage("m", "user", "here")]), current_node: "gone" };
    const texts = ofKind(
      found(zip({ "conversations-000.json": [branched, circle], "conversations-001.json": [lost] }), "e.zip").items,
      "conversation",
    ).map(({ messages }) => messages.map(({ text }) => text));
    expect(texts).toEqual([["q", "new"], ["one", "two"], ["here"]]);
  });

  test("leaves out conversations that were not to be remembered", () => {
    const hidden = { ...gptConversation("h", "Private", [gptMessage("u", "user", "q")]), is_do_not_remember: true };
    const { items } = found(zip({ "conversations.json": [hidden, gptConversation("o", "Open", [gptMessage("u", "user", "q")])] }), "e.zip");
    expect(ofKind(items, "conversation").map(({ id }) => id)).toEqual(["o"]);
  });
});

describe("readClaude()", () => {
  test("gives conversations, without thoughts and tools", () => {
    const { format, items } = found(zip(claudeExport()), "export.zip");
    expect(format).toBe("claude");
    expect(ofKind(items, "conversation")).toEqual([
      {
        kind: "conversation",
        id: "k1",
        title: "Pruning",
        messages: [
          { role: "user", text: "When do I prune roses?\n[attached: roses.txt]", at: Date.UTC(2025, 2, 1, 10, 0, 1), externalId: "m1" },
          { role: "assistant", text: "In late winter.", at: Date.UTC(2025, 2, 1, 10, 0, 9), externalId: "m2" },
        ],
      },
    ]);
  });

  test("gives memories with their project, and documents of projects", () => {
    const { items } = found(zip(claudeExport()), "export.zip");
    expect(ofKind(items, "memory").map(({ text }) => text)).toEqual([
      "Work context: Ada builds ferries.",
      "Project Garden: Prefers heirloom tomatoes.",
    ]);
    expect(ofKind(items, "document").map(({ path, mime, collection }) => [path, mime, collection])).toEqual([
      ["Garden/beds.md", "text/markdown", "Garden"],
    ]);
    expect(ofKind(items, "skipped").map(({ path }) => path)).toEqual(["projects.json: Garden", "users.json"]);
  });

  test("reads the newer layout, a file for each project and account", () => {
    const { "projects.json": projects, "memories.json": memories, ...rest } = claudeExport();
    const newer = { ...rest, "projects/p1.json": (projects as unknown[])[0], "memories/acct.json": (memories as unknown[])[0] };
    expect(ofKind(found(zip(newer), "data.zip").items, "memory")).toEqual(ofKind(found(zip(claudeExport()), "data.zip").items, "memory"));
  });

  test("leaves out answers that were made anew", () => {
    const message = (uuid: string, parent: string, sender: string, text: string, second: number) => ({
      uuid,
      parent_message_uuid: parent,
      sender,
      text,
      created_at: `2025-01-01T00:00:0${second}Z`,
    });
    const chat_messages = [
      message("1", "0", "human", "q", 1),
      message("2", "1", "assistant", "old", 2),
      message("3", "1", "assistant", "new", 3),
    ];
    const { items } = found(zip({ "conversations.json": [{ uuid: "c", name: "n", chat_messages }] }), "e.zip");
    expect(ofKind(items, "conversation")[0]?.messages.map(({ text }) => text)).toEqual(["q", "new"]);
  });
});

describe("readMarkdownFolder()", () => {
  test("makes every text file a document of one collection", () => {
    const { format, items } = found(zip({ "Vault/a.md": "# A", "Vault/deep/b.txt": "b", "Vault/pic.png": "x" }), "x.zip");
    expect(format).toBe("markdown");
    expect(ofKind(items, "document").map(({ path, mime, collection }) => [path, mime, collection])).toEqual([
      ["a.md", "text/markdown", "Vault"],
      ["deep/b.txt", "text/plain", "Vault"],
    ]);
    expect(ofKind(items, "skipped")).toEqual([{ kind: "skipped", path: "pic.png", reason: "Only Markdown and text are taken over." }]);
  });
});
