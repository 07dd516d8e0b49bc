import { describe, expect, it } from "vitest";
import { EVENTS_PER_ATTEMPT } from "../../src/agent/turn-log.ts";
import type { TurnEvent } from "../../src/channels/events.ts";
import type { ServerFrame } from "../../src/channels/socket-protocol.ts";
import {
  type ChatAction,
  type ChatState,
  type Pending,
  chatReducer,
  emptyChat,
  framesForGaps,
  framesOnReady,
  isBusy,
} from "../../src/web/chat/chat-state.ts";
import { ATTEMPT, textOf } from "../../src/web/chat/live-turn.ts";
import { timeline } from "../../src/web/chat/timeline.ts";
import { approval, message, noUsage } from "./fixtures.ts";

const run = (...actions: ChatAction[]): ChatState => actions.reduce(chatReducer, emptyChat);
const frames = (...list: ServerFrame[]): ChatAction => ({ type: "frames", frames: list });
/** `at` counts from the first event of the first attempt. */
const event = (at: number, of: TurnEvent, turn = "t1"): ServerFrame => ({ type: "event", turn_id: turn, seq: ATTEMPT + at, event: of });
const text = (delta: string, step = 0): TurnEvent => ({ type: "text", step, delta });
const step = (number = 0): TurnEvent => ({ type: "step", step: number, model: "offline/offline" });
const end = (fields: Partial<Extract<TurnEvent, { type: "end" }>> = {}): TurnEvent => ({
  type: "end",
  status: "done",
  message_id: "a1",
  text: "Hi",
  error: null,
  usage: noUsage,
  ...fields,
});
const say = (id: string): Pending => ({ frame: { type: "say", id, text: `text ${id}` }, at: 1, error: null });
const ready = (running: string | null = null): Extract<ServerFrame, { type: "ready" }> => ({
  type: "ready",
  conversation_id: "c1",
  last_seq: 0,
  running,
});

describe("chatReducer()", () => {
  it("collects the text of a turn in order", () => {
    const state = run(frames({ type: "turn", turn_id: "t1" }, event(0, step()), event(1, text("Hel")), event(2, text("lo"))));
    expect(state.turns.map(textOf)).toEqual(["Hello"]);
  });

  it("drops the text of a step that starts over and keeps the others", () => {
    const state = run(
      frames(
        event(0, step(0)),
        event(1, text("First.", 0)),
        event(2, step(1)),
        event(3, text("Seco", 1)),
        event(4, step(1)),
        event(5, text("Second.", 1)),
      ),
    );
    expect(state.turns.map(textOf)).toEqual(["First.\n\nSecond."]);
  });

  it("ignores an event it has seen", () => {
    const state = run(frames(event(0, step()), event(1, text("a")), event(1, text("a")), event(0, step())));
    expect(state.turns.map(textOf)).toEqual(["a"]);
  });

  it("holds an event from the future back until the ones before it came", () => {
    const early = run(frames(event(0, step()), event(2, text("b"))));
    expect(early.turns.map(textOf)).toEqual([""]);
    expect(chatReducer(early, frames(event(1, text("a")))).turns.map(textOf)).toEqual(["ab"]);
  });

  it("waits for the start of a turn that it met in the middle, and asks for it", () => {
    const middle = run(frames(event(5, text("later"))));
    expect(middle.turns.map(textOf)).toEqual([""]);
    expect(framesForGaps(middle, new Set())).toEqual([{ type: "resume", turn_id: "t1", from: 0 }]);
    const replay = [event(0, step()), ...["a", "b", "c", "d"].map((part, index) => event(index + 1, text(part))), event(5, text("later"))];
    expect(chatReducer(middle, frames(...replay)).turns.map(textOf)).toEqual(["abcdlater"]);
  });

  it("takes the events of a new attempt after an interruption", () => {
    const state = run(
      frames(event(0, step()), event(1, text("half of it")), event(ATTEMPT, step()), event(ATTEMPT + 1, text("all of it"))),
    );
    expect(state.turns.map(textOf)).toEqual(["all of it"]);
  });

  it("counts attempts like the server", () => {
    expect(ATTEMPT).toBe(EVENTS_PER_ATTEMPT);
  });

  it("shows a tool call running and then its result", () => {
    const call: TurnEvent = { type: "tool_call", step: 0, call_id: "x", tool: "add_todo", input: { title: "a" } };
    const started = run(frames(event(0, step()), event(1, call)));
    expect(started.turns[0]?.tools).toMatchObject([{ tool: "add_todo", status: "running" }]);
    const printing = chatReducer(started, frames(event(2, { type: "tool_progress", call_id: "x", text: "<b>half</b> done" })));
    expect(printing.turns[0]?.tools).toMatchObject([{ status: "running", progress: "<b>half</b> done" }]);
    const finished = chatReducer(
      printing,
      frames(event(3, { type: "tool_result", call_id: "x", tool: "add_todo", status: "done", summary: "Added" })),
    );
    expect(finished.turns[0]?.tools).toMatchObject([{ status: "done", summary: "Added" }]);
  });

  it("keeps the live reply after its end until the stored answer arrives, then shows only that", () => {
    const ended = run(frames(event(0, step()), event(1, text("Hi")), event(2, end())));
    expect(ended.turns).toHaveLength(1);
    const stored = chatReducer(
      ended,
      frames({ type: "message", message: message({ id: "a1", role: "assistant", turn_id: "t1", text: "Hi" }) }),
    );
    expect(stored.turns).toHaveLength(0);
  });

  it("never shows an answer twice when it is stored before its turn says that it ended", () => {
    const answer = message({ id: "a1", role: "assistant", turn_id: "t1", text: "Hi" });
    const state = run(frames(event(0, step()), event(1, text("Hi")), { type: "message", message: answer }));
    expect(timeline(state, String).filter((row) => row.kind === "live")).toEqual([]);
  });

  it("does not bring a finished turn back when its events are repeated", () => {
    const answer = message({ id: "a1", role: "assistant", turn_id: "t1", text: "Hi" });
    const state = run(
      frames(event(0, step()), { type: "message", message: answer }, event(1, end()), event(0, step()), { type: "turn", turn_id: "t1" }),
    );
    expect(state.turns).toHaveLength(0);
  });

  it("notes a turn that failed without an answer", () => {
    const state = run(
      frames(
        event(0, step()),
        event(1, end({ status: "failed", message_id: null, text: "", error: { code: "model_unavailable", message: "No model answers." } })),
      ),
    );
    expect(state.turns).toHaveLength(0);
    expect(state.failures).toEqual([{ turnId: "t1", status: "failed", code: "model_unavailable", message: "No model answers." }]);
  });

  it("forgets a pending message when it is accepted, and shows the stored one", () => {
    const state = run(
      { type: "say", pending: say("k1") },
      frames({ type: "accepted", id: "k1", message: message({ id: "u1" }), turn_id: "t1", duplicate: false }),
    );
    expect(state.pending).toEqual([]);
    expect(state.messages.map((item) => item.id)).toEqual(["u1"]);
  });

  it("keeps a refused message with its reason", () => {
    const state = run(
      { type: "say", pending: say("k1") },
      frames({ type: "error", id: "k1", error: { code: "budget_exceeded", message: "Spent." } }),
    );
    expect(state.pending).toMatchObject([{ error: "Spent." }]);
    expect(framesOnReady(state, ready())).toEqual([]);
  });

  it("replaces a message of the same id", () => {
    const first = message({ status: "queued" });
    const state = run(frames({ type: "message", message: first }, { type: "message", message: { ...first, status: "done" } }));
    expect(state.messages).toMatchObject([{ id: first.id, status: "done" }]);
  });

  it("moves the history cursor back only with older pages", () => {
    const page = { messages: [message()], next_before: 40 };
    const state = run(
      { type: "page", page, older: false },
      { type: "page", page: { messages: [], next_before: null }, older: true },
      { type: "page", page, older: false },
    );
    expect(state.nextBefore).toBeNull();
  });

  it("drops a live turn that ended while the connection was down", () => {
    const state = run(frames(event(0, step()), ready(null)));
    expect(state.turns).toEqual([]);
  });
});

describe("framesOnReady()", () => {
  it("resumes the running turn after the last event seen, then repeats what was not confirmed under the same ids", () => {
    const state = run(
      { type: "say", pending: say("k1") },
      { type: "say", pending: say("k2") },
      frames(event(0, step()), event(1, text("a"))),
    );
    expect(framesOnReady(state, ready("t1"))).toEqual([
      { type: "resume", turn_id: "t1", from: ATTEMPT + 2 },
      { type: "say", id: "k1", text: "text k1" },
      { type: "say", id: "k2", text: "text k2" },
    ]);
  });

  it("resumes a turn it has never seen from its start", () => {
    expect(framesOnReady(emptyChat, ready("t9"))).toEqual([{ type: "resume", turn_id: "t9", from: 0 }]);
  });
});

describe("framesForGaps()", () => {
  it("asks once for the events that are missing", () => {
    const state = run(frames(event(0, step()), event(3, text("d"))));
    const asked = new Set<string>();
    expect(framesForGaps(state, asked)).toEqual([{ type: "resume", turn_id: "t1", from: ATTEMPT + 1 }]);
    expect(framesForGaps(state, asked)).toEqual([]);
  });
});

describe("timeline()", () => {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const keys = (state: ChatState) =>
    timeline(state, day)
      .filter((row) => row.kind !== "day")
      .map((row) => row.key);

  it("places an answer after its question even when another message was sent before it came", () => {
    const first = message({ turn_id: "t1" });
    const second = message({ turn_id: "t2" });
    const answer = message({ role: "assistant", turn_id: "t1" });
    expect(keys(run(frames(...[first, second, answer].map((item) => ({ type: "message" as const, message: item })))))).toEqual([
      first.id,
      answer.id,
      second.id,
    ]);
  });

  it("places the running turn before what is queued and what is not sent yet", () => {
    const asked = message({ turn_id: "t1" });
    const queued = message({ status: "queued" });
    const state = run(frames({ type: "message", message: asked }, { type: "message", message: queued }, event(0, step())), {
      type: "say",
      pending: say("k1"),
    });
    expect(keys(state)).toEqual([asked.id, "t1", queued.id, "k1"]);
  });

  it("does not place what a new turn took behind its answer while the server has not said which that was", () => {
    const first = message({ turn_id: "t1" });
    const waiting = message({ status: "queued" });
    const answers = [message({ role: "assistant", turn_id: "t1" }), message({ role: "assistant", turn_id: "t2" })];
    const known = run(frames(...[first, waiting, ...answers].map((item) => ({ type: "message" as const, message: item }))));
    expect(keys(known)).toEqual([first.id, answers[0]?.id, waiting.id, answers[1]?.id]);
    const running = run(frames({ type: "message", message: waiting }, { type: "turn", turn_id: "t9" }));
    expect(keys(running)).toEqual([waiting.id, "t9"]);
  });

  it("leaves out replaced messages", () => {
    const state = run(frames({ type: "message", message: message({ superseded_at: 5 }) }));
    expect(keys(state)).toEqual([]);
  });

  it("hides what an edit on its way will replace", () => {
    const old = message({});
    const answer = message({ role: "assistant" });
    const pending: Pending = { frame: { type: "edit", id: "k1", message_id: old.id, text: "new" }, at: 1, error: null };
    const state = run(frames({ type: "message", message: old }, { type: "message", message: answer }), { type: "say", pending });
    expect(keys(state)).toEqual(["k1"]);
  });

  it("keeps the question while another answer is on its way", () => {
    const asked = message({});
    const answer = message({ role: "assistant" });
    const pending: Pending = { frame: { type: "regenerate", id: "k1", message_id: answer.id }, at: 1, error: null };
    const state = run(frames({ type: "message", message: asked }, { type: "message", message: answer }), { type: "say", pending });
    expect(keys(state)).toEqual([asked.id]);
  });

  it("marks every new day and every new conversation once", () => {
    const list = [
      message({ created_at: Date.UTC(2026, 10, 19, 12) }),
      message({ created_at: Date.UTC(2026, 10, 19, 13) }),
      message({ created_at: Date.UTC(2026, 10, 20, 12), conversation_id: "c2" }),
    ];
    const rows = timeline(run(frames(...list.map((item) => ({ type: "message" as const, message: item })))), day);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "message", "epoch", "day", "message"]);
  });

  it("says where an earlier conversation goes on, and where the newest does", () => {
    const said = ["c1", "c2", "c1", "c2"].map((conversation_id) => message({ conversation_id }));
    const rows = timeline(run(frames(...said.map((item) => ({ type: "message" as const, message: item })))), day);
    expect(rows.flatMap((row) => (row.kind === "epoch" ? [row.words] : []))).toEqual([
      "New conversation",
      "Earlier conversation",
      "Newest conversation",
    ]);
  });
});

describe("isBusy()", () => {
  const asked = message({ turn_id: "t1" });
  it.each([
    ["executing", "t1", true],
    ["pending", "t1", false],
    // Of a task in the background, which is stopped as one.
    ["executing", "task-1", false],
  ] as const)("with what was approved %s, of %s: %s", (state, turnId, busy) => {
    const shown = approval({ state, turn_id: turnId });
    expect(isBusy(run(frames({ type: "message", message: asked }, { type: "approval", approval: shown })))).toBe(busy);
  });
});
