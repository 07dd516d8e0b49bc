import { expect, test } from "vitest";
import { MessageStore } from "../../src/db/object/messages.ts";
import { objectStorage } from "../support/object-storage.ts";
import { message } from "./said.ts";

test("MessageStore.page() gives what was said around a message, in its own conversation, an imported one too", () => {
  const messages = new MessageStore(objectStorage().sql);
  for (let n = 0; n < 40; n++) {
    messages.insert(message(`old${n}`, n % 2 === 0 ? "user" : "assistant", `Old ${n}`, { conversationId: "import:a" }));
    messages.insert(message(`here${n}`, "user", `Here ${n}`));
  }
  const ids = (around: string, limit: number): string[] => messages.page({ around, limit }).messages.map(({ id }) => id);
  expect(ids("old20", 5)).toEqual(["old18", "old19", "old20", "old21", "old22"]);
  expect(ids("old0", 5)).toEqual(["old0", "old1", "old2"]);
  expect(ids("old39", 5)).toEqual(["old35", "old36", "old37", "old38", "old39"]);
  expect(ids("here5", 1)).toEqual(["here5"]);
  expect(ids("nobody", 5)).toEqual([]);
});
