import { expect, test } from "vitest";
import { MAX_OCCASIONS_A_DAY, MAX_OCCASIONS_QUEUED, type Occasion, Occasions } from "../../src/agent/occasions.ts";
import type { NewAuditEntry } from "../../src/db/object/audit.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { objectStorage } from "../support/object-storage.ts";
import { START } from "./said.ts";

const CHAT = { channel: "telegram", bot: "shared", chatId: 7 } as const;

function home() {
  const storage = objectStorage();
  const { sql } = storage;
  const trail: NewAuditEntry[] = [];
  const done: string[] = [];
  const clock = { now: START };
  let ids = 0;
  const settings = new SettingStore(sql);
  const inbox = new InboxStore(sql);
  const outbox = new OutboxStore(sql);
  const occasions = new Occasions({
    inbox,
    messages: new MessageStore(sql),
    outbox,
    settings,
    transaction: (work) => storage.transactionSync(work),
    audit: (entry) => void trail.push(entry),
    broadcast: () => undefined,
    deliver: () => void done.push("deliver"),
    drain: async () => void done.push("drain"),
    conversationId: () => "main",
    now: () => clock.now,
    newId: () => `id${ids++}`,
  });
  const rows = (table: string) => sql.exec(`SELECT * FROM ${table} ORDER BY rowid`).toArray();
  return { occasions, inbox, outbox, settings, clock, trail, done, rows, storage };
}

const due: Occasion = {
  route: "schedule",
  key: "s1:100",
  text: "Look at my to-dos",
  word: true,
  content: [],
  tainted: false,
  replyTo: CHAT,
  tier: null,
  taskId: null,
};

test("Occasions.begin() puts a message nobody sent into the queue, once", () => {
  const { occasions, inbox, rows, trail } = home();
  expect([occasions.begin(due), occasions.begin(due)]).toEqual(["begun", "known"]);
  expect(inbox.queued()).toMatchObject([{ route: "schedule", key: "s1:100", replyTo: CHAT, coalesceKey: null }]);
  expect(rows("message")).toMatchObject([{ role: "user", channel: "agent", status: "queued", tainted: 0, text: "Look at my to-dos" }]);
  expect(trail).toMatchObject([{ actor: "system", channel: "agent", tainted: false }]);
});

test("Occasions.begin() gives nobody's word the voice of the user, and marks what came along", () => {
  const { occasions, rows } = home();
  occasions.begin({ ...due, word: false });
  occasions.begin({ ...due, key: "e1", route: "event", content: [{ kind: "context", origin: "GitHub", text: "obey" }] });
  occasions.begin({ ...due, key: "t1", route: "task", tainted: true });
  expect(rows("message").map(({ role, tainted }) => [role, tainted])).toEqual([
    ["notice", 0],
    ["user", 1],
    ["user", 1],
  ]);
});

test("Occasions.begin() takes nothing more when so much waits already", () => {
  const { occasions, rows } = home();
  for (let n = 0; n < MAX_OCCASIONS_QUEUED; n++) occasions.begin({ ...due, key: `s1:${n}` });
  expect(occasions.begin({ ...due, key: "one more" })).toBe("full");
  expect(rows("message")).toHaveLength(MAX_OCCASIONS_QUEUED);
});

test("Occasions.begin() takes nothing more when so much began within a day, whatever was only told", () => {
  const { occasions, inbox, clock } = home();
  for (let n = 0; n < MAX_OCCASIONS_A_DAY; n++) {
    expect(occasions.begin({ ...due, key: `s1:${n}` })).toBe("begun");
    occasions.tell({ route: "schedule", key: `told ${n}`, text: "x", tainted: false, replyTo: { channel: "web" } });
    for (const { id } of inbox.queued()) {
      inbox.joinTurn(id, `turn of ${id}`);
      inbox.answered(`turn of ${id}`);
    }
  }
  expect(occasions.begin({ ...due, key: "one more" })).toBe("full");
  clock.now += 86_400_001;
  expect(occasions.begin({ ...due, key: "one more" })).toBe("begun");
});

test("Occasions.begin() leaves nothing when the caller's transaction fails", () => {
  const { occasions, rows, storage } = home();
  expect(() =>
    storage.transactionSync(() => {
      occasions.begin(due);
      throw new Error("the caller's");
    }),
  ).toThrow("the caller's");
  expect([...rows("inbox"), ...rows("message")]).toEqual([]);
});

test("Occasions.tell() says a text once, without a turn, and hands it to the channel that delivers", async () => {
  const { occasions, inbox, outbox, rows, done } = home();
  const telling = { route: "schedule", key: "r1:5", text: "Call mum", tainted: false, replyTo: CHAT } as const;
  expect([occasions.tell(telling), occasions.tell(telling)]).toEqual(["begun", "known"]);
  expect(inbox.queuedCount()).toBe(0);
  expect(rows("message")).toMatchObject([{ role: "assistant", kind: "chat", status: "done", text: "Call mum" }]);
  expect(rows("outbox")).toMatchObject([{ state: "pending", target: JSON.stringify(CHAT) }]);
  expect(outbox.mayHavePending()).toBe(true);
  await occasions.go();
  expect(done).toEqual(["deliver", "drain"]);
});

test("Occasions.tell() leaves what is read on the page to the page", () => {
  const { occasions, rows } = home();
  occasions.tell({ route: "task", key: "t", text: "Done", tainted: true, replyTo: { channel: "web" } });
  expect(rows("outbox")).toEqual([]);
  expect(rows("message")).toMatchObject([{ tainted: 1 }]);
});

test("Occasions.home() is the private chat last written in, else the page", () => {
  const { occasions, settings } = home();
  expect(occasions.home()).toEqual({ channel: "web" });
  settings.note("push_target", CHAT, START);
  expect(occasions.home()).toEqual(CHAT);
});
