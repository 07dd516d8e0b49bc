import { strToU8, zipSync } from "fflate";
import type { Item } from "../../src/import/found.ts";
import { itemsOf } from "../../src/import/items.ts";
import { readArchive } from "../../src/import/read-archive.ts";

/** A zip of some files; text as UTF-8, anything else as JSON. */
export function zip(files: Record<string, unknown>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, content]) => [path, bytesOf(content)])));
}

export const bytesOf = (content: unknown): Uint8Array =>
  content instanceof Uint8Array ? content : strToU8(typeof content === "string" ? content : JSON.stringify(content));

/** All that is found in an upload. */
export function found(bytes: Uint8Array, name: string): { format: string; items: Item[] } {
  const { format, items } = itemsOf(readArchive(bytes, name));
  return { format, items: [...items] };
}

export const ofKind = <Kind extends Item["kind"]>(items: readonly Item[], kind: Kind): Extract<Item, { kind: Kind }>[] =>
  items.filter((item): item is Extract<Item, { kind: Kind }> => item.kind === kind);

interface Node {
  id: string;
  parent: string | null;
  children: string[];
  message: unknown;
}

/** A message of a ChatGPT export. */
export const gptMessage = (id: string, role: string, text: string, more: Record<string, unknown> = {}) => ({
  id,
  author: { role, name: null, metadata: {} },
  create_time: 1_700_000_000.25,
  content: { content_type: "text", parts: [text] },
  metadata: {},
  recipient: "all",
  ...more,
});

/** Messages one below the other, as ChatGPT keeps them. `branches`: more children of a message, which are not on the line. */
export function gptConversation(
  id: string,
  title: string,
  messages: ReturnType<typeof gptMessage>[],
  branches: [parent: string, message: ReturnType<typeof gptMessage>][] = [],
) {
  const mapping: Record<string, Node> = { root: { id: "root", parent: null, children: [], message: null } };
  let last = "root";
  for (const message of messages) {
    mapping[message.id] = { id: message.id, parent: last, children: [], message };
    mapping[last]?.children.push(message.id);
    last = message.id;
  }
  for (const [parent, message] of branches) {
    mapping[message.id] = { id: message.id, parent, children: [], message };
    mapping[parent]?.children.push(message.id);
  }
  return { title, create_time: 1_700_000_000, update_time: 1_700_000_100, mapping, current_node: last, conversation_id: id, id };
}

export const gptExport = (): Record<string, unknown> => ({
  "conversations.json": [
    gptConversation("c1", "Trip to Oslo", [
      gptMessage("s", "system", "", { metadata: { is_visually_hidden_from_conversation: true } }),
      gptMessage("i", "user", "", {
        content: {
          content_type: "user_editable_context",
          user_profile: "x ```I live in Bergen.```",
          user_instructions: "y ```Be brief.```",
        },
        metadata: { is_visually_hidden_from_conversation: true },
      }),
      gptMessage("u1", "user", "When does the ferry leave?", { create_time: 1_700_000_001 }),
      gptMessage("b1", "assistant", "User lives in Bergen and likes ferries.", { recipient: "bio" }),
      gptMessage("t1", "tool", "Model set context updated."),
      gptMessage("h1", "assistant", "thinking", { content: { content_type: "thoughts", thoughts: [] } }),
      gptMessage("a1", "assistant", "The ferry leaves at nine.", { create_time: 1_700_000_005 }),
    ]),
    gptConversation("c2", "Pictures", [
      gptMessage("u2", "user", "", {
        content: {
          content_type: "multimodal_text",
          parts: [{ content_type: "image_asset_pointer", asset_pointer: "sediment://x" }, "What is this?"],
        },
      }),
      gptMessage("a2", "assistant", "A margay."),
    ]),
  ],
  "user.json": { id: "user-1", email: "ada@example.com" },
  "chat.html": "<html></html>",
  "file-abc.png": "not really",
});

export const claudeExport = (): Record<string, unknown> => ({
  "users.json": [{ uuid: "acct", full_name: "Ada", email_address: "ada@example.com" }],
  "projects.json": [
    {
      uuid: "p1",
      name: "Garden",
      prompt_template: "Answer as a gardener.",
      docs: [{ uuid: "d1", filename: "beds.md", content: "# Beds\n\nTomatoes by the wall." }],
    },
  ],
  "memories.json": [
    {
      conversations_memory: "**Work context**\n\nAda builds ferries.",
      project_memories: { p1: "Prefers heirloom tomatoes." },
      account_uuid: "acct",
    },
  ],
  "conversations.json": [
    {
      uuid: "k1",
      name: "Pruning",
      created_at: "2025-03-01T10:00:00.000000Z",
      chat_messages: [
        {
          uuid: "m1",
          sender: "human",
          text: "",
          content: [{ type: "text", text: "When do I prune roses?" }],
          created_at: "2025-03-01T10:00:01.000000Z",
          attachments: [{ file_name: "roses.txt", extracted_content: "long" }],
          files: [],
        },
        {
          uuid: "m2",
          sender: "assistant",
          text: "In late winter.",
          content: [
            { type: "thinking", thinking: "hidden" },
            { type: "text", text: "In late winter." },
            { type: "tool_use", name: "x", input: {} },
          ],
          created_at: "2025-03-01T10:00:09.000000Z",
          attachments: [],
          files: [],
        },
      ],
    },
  ],
});

export const workspace = (): Record<string, unknown> => ({
  "SOUL.md": "# SOUL.md - Who You Are\n\n_You are not a chatbot._\n\nBe direct. Have opinions.\n",
  "IDENTITY.md": "# IDENTITY.md\n\n- **Name:** Alfred\n- **Vibe:**\n- **Emoji:** 🎩\n",
  "USER.md":
    "# USER.md - About Your Human\n\n_Learn about the person you are helping._\n\n- **Name:** \n    Kevin\n- **Notes:**\n- Prefers short answers\n\n## Context\n\n_(What do they care about?)_\n\n- Builds boats\n  - of wood\n\n---\n\nThe more you know, the better you can help.\n",
  "MEMORY.md": "---\ntitle: x\n---\n# MEMORY.md\n\n## Projects\n- **Dinghy** (2026): half done\n\nThe yard is in Bergen.\n",
  "memory/2026-05-12.md": "# 2026-05-12\n\n## Decisions\n- Chose oak\n- Ordered sails\n\n## Later\n- Rain\n",
  "memory/people.md": "- Ada is a friend\n",
  "memory/state.json": "{}",
  "AGENTS.md": "Read SOUL.md first.",
  "TOOLS.md": "ssh host",
  "skills/weather/SKILL.md": "---\nname: weather\n---",
  "skills/weather/run.sh": "#!/bin/sh",
});
