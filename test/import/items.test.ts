import fc from "fast-check";
import { expect, test } from "vitest";
import { MargayError } from "../../src/errors.ts";
import { IMPORT_LIMITS } from "../../src/import/found.ts";
import { contentId, conversationId, itemsOf, messageId } from "../../src/import/items.ts";
import { readArchive } from "../../src/import/read-archive.ts";
import { bytesOf, found, gptConversation, gptExport, gptMessage, ofKind, zip } from "./fixtures.ts";

const orRefused = (work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    expect(error.message).toMatch(/[.!]$/);
  }
};

test("itemsOf() takes any JSON for an export or refuses it with a sentence", () => {
  fc.assert(fc.property(fc.json(), (json) => orRefused(() => found(bytesOf(json), "conversations.json"))));
});

test("itemsOf() survives exports with anything in the place of anything", () => {
  const anything = fc.jsonValue({ maxDepth: 1 });
  const node = fc.record({
    id: anything,
    parent: fc.oneof(fc.constantFrom("a", "b", null), anything),
    children: anything,
    message: anything,
  });
  const message = fc.record({
    sender: fc.constantFrom("human", "assistant", 3),
    text: anything,
    content: anything,
    created_at: anything,
    uuid: anything,
  });
  const conversation = fc.oneof(
    fc.record({
      mapping: fc.dictionary(fc.constantFrom("a", "b", "__proto__"), node),
      current_node: anything,
      title: anything,
      create_time: anything,
    }),
    fc.record({ chat_messages: fc.array(fc.oneof(message, anything)), name: anything, uuid: anything }),
    anything,
  );
  const files = fc.record({
    "conversations.json": fc.array(conversation),
    "memories.json": anything,
    "projects.json": anything,
  });
  fc.assert(
    fc.property(files, (given) => orRefused(() => found(zip(given), "export.zip"))),
    { numRuns: 60 },
  );
});

test("itemsOf() takes any bytes for an archive or refuses them with a sentence", () => {
  const damaged = fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
    const bytes = zip(gptExport());
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), damaged), fc.constantFrom("a.zip", "b.json", "c.md"), (bytes, name) =>
      orRefused(() => found(bytes, name)),
    ),
  );
});

test.each([
  ["a JSON file that is no export", bytesOf({ a: 1 }), "x.json", /nothing that can be imported/],
  ["a zip of pictures", zip({ "a.png": "x" }), "x.zip", /nothing that can be imported/],
  ["an export without conversations", zip({ "conversations.json": [] }), "x.zip", /no conversations/],
  ["a file that is cut off", bytesOf('[{"mapping": {}}, {"map'), "conversations.json", /cut off/],
])("itemsOf() refuses %s with a sentence", (_, bytes, name, sentence) => {
  expect(() => found(bytes, name)).toThrow(sentence);
});

test("itemsOf() leaves out what is more than is taken over at once, and says so", () => {
  const conversations = ["a", "b", "c"].map((id) =>
    gptConversation(id, id, [gptMessage("u", "user", "long question"), gptMessage("v", "assistant", "answer")]),
  );
  const limits = { ...IMPORT_LIMITS, messages: 4, message: 6 };
  const items = [...itemsOf(readArchive(zip({ "conversations.json": conversations }), "e.zip"), limits).items];
  expect(ofKind(items, "conversation").map(({ id, messages }) => [id, messages[0]?.text])).toEqual([
    ["a", "long q\n[… the rest was too long]"],
    ["b", "long q\n[… the rest was too long]"],
  ]);
  expect(ofKind(items, "skipped").map(({ reason }) => reason)).toEqual([
    "1 conversations are left out: more than 4 messages are not taken over at once.",
  ]);
});

test("ids are the same for the same thing, and other ones for others", () => {
  const one = conversationId("chatgpt", { id: "6a3523d9-cad4-83ec" });
  expect(one).toBe("import:chatgpt:6a3523d9-cad4-83ec");
  expect(conversationId("chatgpt", { id: "../../x" })).toMatch(/^import:chatgpt:[0-9a-f]{40}$/);
  expect(messageId(one, { externalId: "m" })).toBe(messageId(one, { externalId: "m" }));
  expect(messageId(one, { externalId: "m" })).not.toBe(messageId("import:claude:x", { externalId: "m" }));
  expect(contentId("openclaw", "memory", "a", null)).not.toBe(contentId("openclaw", "memory", "a", 1));
});
