import { expect, test } from "vitest";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { ContextWindow } from "../../src/agent/context-window.ts";
import type { AgentDeps } from "../../src/agent/deps.ts";
import { Intake, MAX_QUEUED } from "../../src/agent/intake.ts";
import { MAX_OCCASIONS_QUEUED, Occasions } from "../../src/agent/occasions.ts";
import { QuickReplies } from "../../src/agent/quick-replies.ts";
import { Turns } from "../../src/agent/turns.ts";
import type { Channel } from "../../src/channels/channel.ts";
import type { InboundMessage } from "../../src/channels/message.ts";
import { InboxStore } from "../../src/db/object/inbox.ts";
import { MessageStore } from "../../src/db/object/messages.ts";
import { OutboxStore } from "../../src/db/object/outbox.ts";
import { SettingStore } from "../../src/db/object/settings.ts";
import { SummaryStore } from "../../src/db/object/summaries.ts";
import { ToolCallStore } from "../../src/db/object/tool-calls.ts";
import { TurnStore } from "../../src/db/object/turns.ts";
import type { CompiledTool } from "../../src/tools/compiled-tool.ts";
import { plainOutcome } from "../../src/tools/compiled-tool.ts";
import { fakeModel } from "../support/fake-model.ts";
import { MemoryJournal } from "../support/memory-journal.ts";
import { objectStorage } from "../support/object-storage.ts";
import { quiet } from "./one-turn.ts";
import { START } from "./said.ts";

const DAY = 86_400_000;

/** The queue and the turns of one user, on the product's own rows. A turn that starts waits until a test runs it. */
function home() {
  const storage = objectStorage();
  const { sql } = storage;
  const clock = { now: START };
  const now = () => clock.now;
  const transaction = <T>(work: () => T): T => storage.transactionSync(work);
  const messages = new MessageStore(sql);
  const settings = new SettingStore(sql);
  const inbox = new InboxStore(sql);
  const started: string[] = [];
  const saidAt: number[] = [];
  const nothing = (): undefined => undefined;
  const look: CompiledTool = {
    ...onlyThis<CompiledTool>("CompiledTool", {}),
    name: "look",
    description: "look",
    inputSchema: { type: "object" },
    rare: false,
    call: async (call) => {
      saidAt.push(call.saidAt);
      return plainOutcome("done", {}, "Looked");
    },
    approved: () => Promise.reject(new Error("nothing is asked")),
    undo: null,
  };
  let ids = 0;
  const deps = onlyThis<AgentDeps>("AgentDeps", {
    messages,
    settings,
    inbox,
    transaction,
    now,
    turns: new TurnStore(sql),
    outbox: new OutboxStore(sql),
    window: new ContextWindow({ messages, settings, summaries: new SummaryStore(sql), transaction, now }),
    knows: { profile: () => ({ text: "", ids: [] }), recall: async () => [], record: nothing, recorded: () => null },
    channels: onlyThis<AgentDeps["channels"]>("channels", { web: onlyThis<Channel>("web", { coalesce: false }) }),
    ...quiet,
    tools: [look],
    model: () => fakeModel([{ calls: [{ tool: "look", input: {} }] }, { text: "ok" }]),
    scrub: async (texts) => [...texts],
    takeSecrets: async (message) => ({ message, held: [] }),
    takeFiles: (files) => new Map(files.map(({ key }) => [key, key.startsWith("full") ? null : `/uploads/${key}.csv`])),
    parseCommand: () => null,
    undoTurn: async () => 0,
    journal: () => [],
    calls: new ToolCallStore(sql),
    stopApproved: () => 0,
    newId: () => `id${++ids}`,
    startRun: (id) => void started.push(id),
    cancelRun: nothing,
    withdraw: nothing,
  });
  const turns = new Turns(deps);
  const intake = new Intake(deps, turns, new QuickReplies(deps, turns));
  const occasions = new Occasions({ ...depsOf(deps), conversationId: () => turns.conversationId(), drain: () => turns.drain() });
  const begin = (route: "task" | "event", key: string) =>
    occasions.begin({
      route,
      key,
      text: `about ${key}`,
      word: false,
      content: [],
      tainted: false,
      replyTo: { channel: "web" },
      tier: null,
      taskId: null,
    });
  const say = (text: string, change: Partial<InboundMessage> = {}) =>
    intake.receive({
      channel: "web",
      route: "socket",
      key: text,
      bodyHash: "h",
      text,
      content: [],
      replyTo: { channel: "web" },
      sentAt: clock.now,
      ...change,
    });
  /** Runs the turns that start, one after the other, until nothing waits. Gives what each was asked. */
  const run = async (): Promise<string[][]> => {
    const asked: string[][] = [];
    await turns.drain();
    for (let id = started.shift(); id !== undefined; id = started.shift()) {
      asked.push(messages.ofTurn(id).map(({ text }) => text));
      await turns.run(id, new MemoryJournal());
    }
    return asked;
  };
  return { begin, say, run, intake, turns, inbox, messages, clock, saidAt, started };
}

/** What occasions take of it, each by name: a proxy has nothing to spread. */
const depsOf = ({ inbox, messages, outbox, settings, transaction, audit, broadcast, deliver, now, newId }: AgentDeps) => ({
  inbox,
  messages,
  outbox,
  settings,
  transaction,
  audit,
  broadcast,
  deliver,
  now,
  newId,
});

test("Turns.drain() answers a person before what began by itself, each kind in its order", async () => {
  const { begin, say, run } = home();
  await say("first");
  begin("event", "e1");
  begin("task", "t1");
  await say("second");
  await say("third");
  expect(await run()).toEqual([["first"], ["second"], ["third"], ["about e1"], ["about t1"]]);
});

test("Intake takes what the user sends however much began by itself", async () => {
  const { begin, say } = home();
  await say("runs");
  for (let n = 0; n < MAX_OCCASIONS_QUEUED; n++) expect(begin("event", `e${n}`)).toBe("begun");
  expect(begin("event", "one more")).toBe("full");
  for (let n = 0; n < MAX_QUEUED; n++) expect((await say(`m${n}`)).ok).toBe(true);
  expect(await say("one more")).toMatchObject({ ok: false, error: { code: "rate_limited" } });
});

test("Intake.cancel() leaves the ends of tasks in the queue: they are told once", async () => {
  const { begin, say, inbox, intake, turns } = home();
  const release = turns.hold();
  begin("event", "e1");
  begin("task", "t1");
  await say("waits");
  expect(await intake.cancel()).toEqual({ stopped: 0, dropped: 2 });
  expect(inbox.queued().map(({ route }) => route)).toEqual(["task"]);
  release();
});

test("a turn counts times from the notice that began it, and one of the user's from their message", async () => {
  const { begin, say, run, clock, saidAt } = home();
  await say("tomorrow");
  await run();
  clock.now += 3 * DAY;
  begin("task", "t1");
  clock.now += 1_000;
  await run();
  expect(saidAt).toEqual([START, START + 3 * DAY]);
});

test("Intake answers the user's last message again when it is edited, also where something began by itself after it", async () => {
  const { say, run, messages, begin } = home();
  await say("helo", { externalId: "x1" });
  await run();
  begin("event", "e1");
  await run();
  const before = messages.page({ limit: 50 }).messages.length;
  messages.insert({ ...scheduled, conversationId: messages.page({ limit: 1 }).messages[0]?.conversation_id ?? "" });
  await say("hello", { key: "edit", replaces: "x1", externalId: "x1" });
  expect(await run()).toEqual([["hello"]]);
  expect(messages.page({ limit: 50 }).messages.length).toBeGreaterThan(before);
});

/** The user's own words, when they were due. */
const scheduled: Parameters<MessageStore["insert"]>[0] = {
  id: "due",
  conversationId: "",
  role: "user",
  kind: "chat",
  channel: "agent",
  text: "Sum up",
  content: [],
  steps: [],
  tainted: false,
  turnId: "due",
  externalId: null,
  status: "done",
  error: null,
  model: null,
  usage: null,
  createdAt: START,
};

test("Intake.receive() keeps with a message where its files are, and says of which there was no room for; an edit of its words alone is known", async () => {
  const { say, messages } = home();
  const file = (key: string) => ({
    kind: "file" as const,
    origin: "attachment",
    // What a client says of it counts for nothing.
    file: { key, name: `${key}.csv`, mime: "text/csv", size: 3_000_000, path: "/elsewhere" },
  });
  const content = [file("one"), file("full")];
  const told = async (text: string, change: Partial<InboundMessage>): Promise<string[]> => {
    const receipt = await say(text, change);
    if (!receipt.ok) throw new Error(receipt.error.message);
    const { messageId, notes = [] } = receipt.value;
    const kept = messages.get(messageId)?.content.map((item) => (item.kind === "file" ? item.file.path : ""));
    expect(kept).toEqual(content.map((_, index) => (index === 0 ? "/uploads/one.csv" : null)));
    return notes;
  };
  const [note, ...more] = await told("sum these", { content, externalId: "m1" });
  expect(more).toEqual([]);
  expect(note).toContain("no room among your files for “full.csv” (3.0 MB)");
  const said = () => messages.page({ limit: 50 }).messages.filter(({ role }) => role === "assistant");
  expect(said().map(({ text }) => text)).toEqual([note]);
  await told("sum these", { key: "the same", content, externalId: "m1", replaces: "m1" });
  expect(messages.page({ limit: 50 }).messages.filter(({ role }) => role === "user")).toHaveLength(1);
});
