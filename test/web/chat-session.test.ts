import { describe, expect, it } from "vitest";
import type { MessagePage } from "../../src/agent/shapes.ts";
import type { ApprovalView } from "../../src/channels/approval-view.ts";
import type { ServerFrame } from "../../src/channels/socket-protocol.ts";
import type { DocumentView } from "../../src/knowledge/shapes.ts";
import type { ExecutionPlan } from "../../src/plans/shapes.ts";
import type { TaskView } from "../../src/tasks/shapes.ts";
import type { FileView } from "../../src/workspace/shapes.ts";
import { ChatSession } from "../../src/web/chat/chat-session.ts";
import type { SocketHandlers } from "../../src/web/chat/chat-socket.ts";
import type { Pending } from "../../src/web/chat/chat-state.ts";
import { ApiError } from "../../src/web/api/api-error.ts";
import { approval, document, message, noUsage, task } from "./fixtures.ts";
import { storedFile } from "./file-fixtures.ts";
import { plan } from "./plan-fixtures.ts";

/** A session whose connections, pages and timers are worked by hand. */
function rig(kept: Pending[] = []) {
  const connections: { handlers: SocketHandlers; sent: unknown[]; readyState: number }[] = [];
  const timers = new Map<number, () => void>();
  const asked: unknown[] = [];
  let pages: MessagePage[] = [];
  let stored: Pending[] = kept;
  let ids = 0;
  let ended = 0;
  let waiting: ApprovalView[] = [];
  const posted: unknown[] = [];
  const documents: DocumentView[] = [];
  const tasks: TaskView[] = [];
  const plans: ExecutionPlan[] = [];
  const files: FileView[] = [];
  let answer = (): Promise<ApprovalView> => Promise.resolve(approval({ state: "approved" }));
  const session = new ChatSession({
    openSocket(handlers) {
      const connection = { handlers, sent: [] as unknown[], readyState: 1 };
      connections.push(connection);
      return {
        get readyState() {
          return connection.readyState;
        },
        send: (text) => connection.sent.push(JSON.parse(text)),
        close: () => {
          connection.readyState = 3;
        },
      };
    },
    fetchPage(query) {
      asked.push(query);
      return Promise.resolve(pages.shift() ?? { messages: [], next_before: null });
    },
    fetchOpen: () => Promise.resolve(waiting),
    fetchApproval: (id) => Promise.resolve(approval({ id, state: "denied" })),
    postAnswer: (...given) => {
      posted.push(given);
      return answer();
    },
    newId: () => `id-${(ids += 1)}`,
    now: () => 1000,
    random: () => 0,
    timeZone: () => "Europe/Berlin",
    setTimer(work) {
      ids += 1;
      timers.set(ids, work);
      return ids;
    },
    clearTimer: (timer) => {
      if (typeof timer === "number") timers.delete(timer);
    },
    keep: (pending) => {
      stored = pending;
    },
    restore: () => kept,
    onRefused: () => {},
    onTurnEnd: () => {
      ended += 1;
    },
    onApproval: () => {},
    onDocument: (changed) => documents.push(changed),
    onTask: (changed) => tasks.push(changed),
    onPlan: (changed) => plans.push(changed),
    onFiles: (changed) => files.push(...changed),
  });
  const latest = () => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("not connected");
    return connection;
  };
  return {
    session,
    connections,
    asked,
    latest,
    setPages: (next: MessagePage[]) => {
      pages = next;
    },
    posted,
    documents,
    tasks,
    plans,
    files,
    setWaiting: (next: ApprovalView[]) => {
      waiting = next;
    },
    setAnswer: (next: () => Promise<ApprovalView>) => {
      answer = next;
    },
    stored: () => stored,
    ended: () => ended,
    fire() {
      const due = [...timers.values()];
      timers.clear();
      for (const work of due) work();
    },
    gives: (...frames: ServerFrame[]) => {
      for (const frame of frames) latest().handlers.onMessage(JSON.stringify(frame));
    },
  };
}

const READY: ServerFrame = { type: "ready", conversation_id: "c1", last_seq: 0, running: null };

describe("ChatSession", () => {
  it("shows a message at once and sends it when the connection is ready", () => {
    const { session, latest, gives } = rig();
    session.start();
    session.say("hello");
    expect(session.getState().pending).toHaveLength(1);
    expect(latest().sent).toEqual([]);
    gives(READY);
    expect(latest().sent).toMatchObject([{ type: "say", text: "hello", time_zone: "Europe/Berlin" }]);
  });

  it("sends an unconfirmed message again under the same id after a drop, and not once it was confirmed", () => {
    const { session, connections, latest, gives, fire } = rig();
    session.start();
    gives(READY);
    session.say("one");
    const first = latest().sent[0];
    latest().handlers.onClose();
    fire();
    expect(connections).toHaveLength(2);
    gives(READY);
    expect(latest().sent).toEqual([first]);
    gives({ type: "accepted", id: session.getState().pending[0]?.frame.id ?? "", message: message(), turn_id: null, duplicate: true });
    fire();
    latest().handlers.onClose();
    fire();
    gives(READY);
    expect(latest().sent).toEqual([]);
  });

  it("keeps what is not confirmed and sends it after a reload", () => {
    const before = rig();
    before.session.start();
    before.session.say("kept");
    const after = rig(before.stored());
    after.session.start();
    after.gives(READY);
    expect(after.latest().sent).toMatchObject([{ type: "say", text: "kept", id: before.stored()[0]?.frame.id }]);
  });

  it("reads history anew whenever a connection begins", async () => {
    const { session, asked, gives, setPages } = rig();
    setPages([{ messages: [message({ id: "x" })], next_before: 7 }]);
    session.start();
    gives(READY);
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toEqual([{ limit: 50 }]);
    expect(session.getState()).toMatchObject({ loaded: true, nextBefore: 7 });
  });

  it("asks for one older page at a time", async () => {
    const { session, asked, setPages } = rig();
    setPages([
      { messages: [message()], next_before: 9 },
      { messages: [message()], next_before: null },
    ]);
    await session.refresh();
    await Promise.all([session.loadOlder(), session.loadOlder()]);
    expect(asked).toEqual([{ limit: 50 }, { before: 9, limit: 50 }]);
    await session.loadOlder();
    expect(asked).toHaveLength(2);
  });

  it("hands on what it is told of documents, and leaves the conversation as it is", () => {
    const { session, gives, fire, documents } = rig();
    session.start();
    gives(READY);
    const before = session.getState();
    gives({ type: "document", document: document({ status: "reading", progress: 0.5 }) });
    fire();
    expect(documents.map(({ progress }) => progress)).toEqual([0.5]);
    expect(session.getState()).toBe(before);
  });

  it("hands on how a task or a plan stands last, once, and leaves the conversation as it is", () => {
    const { session, gives, fire, tasks, plans } = rig();
    session.start();
    gives(READY);
    const before = session.getState();
    for (const progress of ["Reads", "Writes"]) gives({ type: "task", task: task({ progress }) });
    for (const status of ["running", "done"] as const) gives({ type: "plan", plan: plan({ status }) });
    fire();
    expect(tasks.map(({ progress }) => progress)).toEqual(["Writes"]);
    expect(plans.map(({ status }) => status)).toEqual(["done"]);
    expect(session.getState()).toBe(before);
  });

  it("hands on changed files together, each as it stands last", () => {
    const { session, gives, fire, files } = rig();
    session.start();
    gives(READY);
    for (const version of [1, 2]) gives({ type: "file", file: storedFile({ id: "a", version }) });
    gives({ type: "file", file: storedFile({ id: "b" }) });
    fire();
    expect(files.map(({ id, version }) => [id, version])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
  });

  it("reads the conversation first when a message is opened before it was read", async () => {
    const { session, asked, setPages } = rig();
    const only = message();
    setPages([{ messages: [only], next_before: null }]);
    expect(await session.loadUntil(only.id)).toBe(true);
    expect(asked).toEqual([{ limit: 50 }]);
  });

  it("keeps nothing of what it knew when history is read anew", async () => {
    const { session, setPages } = rig();
    const before = message({ text: "I live in Oslo" });
    setPages([{ messages: [before, message()], next_before: 7 }]);
    await session.refresh();
    setPages([{ messages: [{ ...before, text: "[forgotten]" }], next_before: 3 }]);
    await session.reload();
    expect(session.getState()).toMatchObject({ loaded: true, nextBefore: 3, messages: [{ text: "[forgotten]" }] });
  });

  it("loads back to a message that was found, and says when it cannot", async () => {
    const { session, setPages } = rig();
    const old = message();
    setPages([
      { messages: [message()], next_before: 9 },
      { messages: [message()], next_before: 5 },
      { messages: [old], next_before: null },
    ]);
    await session.refresh();
    expect(await session.loadUntil(old.id)).toBe(true);
    expect(await session.loadUntil("nowhere")).toBe(false);
  });

  it("reads which queued messages a new turn answers", async () => {
    const { session, asked, gives, fire, setPages } = rig();
    session.start();
    gives(READY);
    const queued = message({ id: "q", status: "queued" });
    gives({ type: "message", message: queued });
    fire();
    setPages([{ messages: [{ ...queued, status: "done", turn_id: "t2" }], next_before: null }]);
    gives({ type: "turn", turn_id: "t2" });
    fire();
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toHaveLength(2);
    expect(session.getState().messages).toMatchObject([{ id: "q", status: "done", turn_id: "t2" }]);
  });

  it("hands many frames to the view as one change, and says when a turn ended", () => {
    const { session, gives, fire, ended } = rig();
    let changes = 0;
    session.start();
    gives(READY);
    session.subscribe(() => {
      changes += 1;
    });
    gives({ type: "turn", turn_id: "t1" });
    for (let seq = 0; seq < 20; seq += 1)
      gives({ type: "event", turn_id: "t1", seq: 1_000_000 + seq, event: { type: "text", step: 0, delta: "a" } });
    expect(changes).toBe(0);
    fire();
    expect(changes).toBe(1);
    expect(ended()).toBe(0);
    gives({
      type: "event",
      turn_id: "t1",
      seq: 1_000_020,
      event: { type: "end", status: "done", message_id: "m", text: "a", error: null, usage: noUsage },
    });
    fire();
    expect(ended()).toBe(1);
  });

  it("sends an answer once, however often it is pressed, and takes the approval's change as its receipt", async () => {
    const { session, latest, gives, fire, setWaiting } = rig();
    setWaiting([approval()]);
    session.start();
    gives(READY);
    await Promise.resolve();
    await Promise.resolve();
    session.answer("p1", "once", "Go on.");
    session.answer("p1", "always");
    expect(latest().sent).toMatchObject([{ type: "answer", approval_id: "p1", answer: "once", note: "Go on." }]);
    gives({ type: "approval", approval: approval({ state: "approved" }) });
    fire();
    expect(session.getState().answers).toEqual([]);
    session.answer("p1", "deny");
    expect(latest().sent).not.toContainEqual(expect.objectContaining({ answer: "deny" }));
  });

  it("answers over HTTP while there is no connection, and tells why when that is refused", async () => {
    const { session, posted, latest, setAnswer, gives, fire } = rig();
    session.start();
    gives(READY);
    gives({ type: "approval", approval: approval() });
    fire();
    latest().handlers.onClose();
    setAnswer(() => Promise.reject(new ApiError("conflict", "This was settled already.", 409)));
    session.answer("p1", "deny", "No.");
    expect(posted).toEqual([["p1", "deny", "No."]]);
    await Promise.resolve();
    await Promise.resolve();
    expect(session.getState().answers).toMatchObject([{ status: "refused", message: "This was settled already." }]);
  });

  it("asks what became of an approval that no longer waits when the connection is back", async () => {
    const { session, latest, setWaiting, gives, fire } = rig();
    setWaiting([approval()]);
    session.start();
    gives(READY);
    await new Promise((done) => setImmediate(done));
    expect(session.getState().approvals).toMatchObject([{ state: "pending" }]);
    latest().handlers.onClose();
    fire();
    setWaiting([]);
    gives(READY);
    await new Promise((done) => setImmediate(done));
    expect(session.getState().approvals).toMatchObject([{ state: "denied" }]);
  });

  it("reads what a turn answers that the agent began by itself", () => {
    const { session, gives, fire, asked } = rig();
    session.start();
    gives(READY);
    const before = asked.length;
    gives({ type: "turn", turn_id: "t9" });
    fire();
    expect(asked).toHaveLength(before + 1);
  });
});
