import fc from "fast-check";
import { expect, test } from "vitest";
import { EVENTS_PER_ATTEMPT, type NumberedEvent, TurnLog } from "../../src/agent/turn-log.ts";

/** A client as the protocol says: text per step, dropped on a `step` event of a step it has seen. */
function client() {
  const texts = new Map<number, string>();
  let next = 0;
  return {
    get next() {
      return next;
    },
    see({ seq, event }: NumberedEvent) {
      next = seq + 1;
      if (event.type === "step") texts.set(event.step, "");
      if (event.type === "text") texts.set(event.step, (texts.get(event.step) ?? "") + event.delta);
    },
    text: () => [...texts.values()].join("|"),
  };
}

test("TurnLog keeps of what a call printed only the last line, and no number is left out", () => {
  const log = new TurnLog("t", 1);
  const lines = (from: number): NumberedEvent[] => {
    const seen: NumberedEvent[] = [];
    log.follow(from, (event) => seen.push(event))();
    return seen;
  };
  for (const call of ["a", "b"]) {
    log.append({ type: "tool_call", step: 0, call_id: call, tool: "run_shell", input: {} });
    for (const text of ["one", "two", "three"]) log.append({ type: "tool_progress", call_id: call, text: `${call} ${text}` });
  }
  const seen = lines(0);
  expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 8 }, (_, n) => EVENTS_PER_ATTEMPT + n));
  expect(seen.flatMap(({ event }) => (event.type === "tool_progress" && event.text !== "" ? [event.text] : []))).toEqual([
    "a three",
    "b three",
  ]);
  expect(JSON.stringify(log.steps)).not.toContain("three");
});

test("TurnLog.follow() resumed anywhere, any number of times, shows the same text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 5 }), fc.constantFrom("on", "off", "step")), { maxLength: 40 }),
      (script) => {
        const log = new TurnLog("t", 1);
        const watcher = client();
        let stop: (() => void) | null = null;
        let step = 0;
        log.append({ type: "step", step, model: "m" });
        for (const [delta, action] of script) {
          if (action === "on") stop ??= log.follow(watcher.next, watcher.see);
          if (action === "off") {
            stop?.();
            stop = null;
          }
          if (action === "step") log.append({ type: "step", step: ++step, model: "m" });
          log.append({ type: "text", step, delta });
        }
        stop?.();
        log.follow(watcher.next, watcher.see);
        const whole = client();
        log.follow(0, whole.see);
        expect(watcher.text()).toBe(whole.text());
      },
    ),
  );
});

test("TurnLog.follow() of a later attempt starts over for a client of an earlier one", () => {
  const watcher = client();
  const first = new TurnLog("t", 1);
  first.follow(0, watcher.see);
  first.append({ type: "step", step: 0, model: "m" });
  first.append({ type: "text", step: 0, delta: "half an ans" });
  const second = new TurnLog("t", 2);
  second.append({ type: "step", step: 0, model: "m" });
  second.append({ type: "text", step: 0, delta: "a whole answer" });
  second.follow(watcher.next, watcher.see);
  expect(watcher.text()).toBe("a whole answer");
  expect(watcher.next).toBeGreaterThan(2 * EVENTS_PER_ATTEMPT);
});

test("TurnLog keeps a long answer that nobody watches as few events", () => {
  const log = new TurnLog("t", 1);
  log.append({ type: "step", step: 0, model: "m" });
  for (let n = 0; n < 1000; n++) log.append({ type: "text", step: 0, delta: "word " });
  const seen: NumberedEvent[] = [];
  log.follow(0, (event) => seen.push(event));
  expect(seen).toHaveLength(2);
});

test("TurnLog.steps counts a call without a result as stopped", () => {
  const log = new TurnLog("t", 1);
  log.append({ type: "step", step: 0, model: "m" });
  log.append({ type: "tool_call", step: 0, call_id: "0.0", tool: "x", input: {} });
  expect(log.steps[0]?.calls[0]).toMatchObject({ status: "failed", summary: "Stopped." });
});

test("TurnLog.doing is the call that runs, with the last line it printed", () => {
  const log = new TurnLog("t", 1);
  expect(log.doing).toBeNull();
  log.append({ type: "tool_call", step: 0, call_id: "0.0", tool: "run_python", input: {} });
  expect(log.doing).toEqual({ tool: "run_python", printed: "" });
  log.append({ type: "tool_progress", call_id: "0.0", text: "Part 1 of 2" });
  log.append({ type: "tool_progress", call_id: "0.0", text: "Part 2 of 2" });
  expect(log.doing).toEqual({ tool: "run_python", printed: "Part 2 of 2" });
  log.append({ type: "tool_result", call_id: "0.0", tool: "run_python", status: "done", summary: "Ran it" });
  expect(log.doing).toBeNull();
});
