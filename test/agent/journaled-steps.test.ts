import { expect, test } from "vitest";
import { journaledSteps } from "../../src/agent/journaled-steps.ts";
import { plainOutcome, type ToolOutcome } from "../../src/tools/compiled-tool.ts";

const said = (text: string, ...tools: string[]) => ({
  step: { text, calls: tools.map((tool) => ({ callId: "toolu_1", tool, input: { a: 1 } })), content: [], finish: "stop" },
});
const row = (name: string, result: unknown) => ({ name, result: JSON.stringify(result) });
const done = (tool: string) => plainOutcome("done", { did: tool }, `Did ${tool}`);
/** What a stored step keeps of an outcome. */
const kept = (outcome: ToolOutcome) => {
  const { usedGiven: _, ...rest } = outcome;
  return rest;
};

test("journaledSteps() gives finished steps with what their tools answered, in order, whatever the order of the rows", () => {
  const rows = [
    row("tool:0.0", done("a")),
    row("wait:1:0", 5),
    row("model:1:1", said("Then.", "b")),
    row("model:0", said("First.", "a")),
    row("model:1", { failure: { code: "model_overloaded", message: "Busy.", retryable: true, retryAfterMs: null } }),
  ];
  expect(journaledSteps(rows, [], () => null)).toEqual([
    { text: "First.", calls: [{ callId: "0.0", tool: "a", input: { a: 1 }, ...kept(done("a")) }] },
    {
      text: "Then.",
      calls: [
        {
          callId: "1.0",
          tool: "b",
          input: { a: 1 },
          ...kept(plainOutcome("failed", { error: expect.any(String) }, "Not done.")),
        },
      ],
    },
  ]);
});

test("journaledSteps() adds what was shown of a step that was not finished", () => {
  const shown = [
    { text: "First.", calls: [] },
    { text: "And th", calls: [] },
  ];
  expect(journaledSteps([row("model:0", said("First."))], shown, () => "executing")).toEqual(shown);
  expect(journaledSteps([], shown, () => null)).toEqual(shown);
  expect(journaledSteps([], [], () => null)).toEqual([]);
});

test("journaledSteps() keeps the marks of what came from outside", () => {
  const outside = { ...done("a"), untrusted: "https://example.com/", links: ["https://example.com/b"], suspicious: true };
  const [step] = journaledSteps([row("model:0", said("", "a")), row("tool:0.0", outside)], [], () => "done");
  expect(step?.calls[0]).toMatchObject({ untrusted: "https://example.com/", links: ["https://example.com/b"], suspicious: true });
});

test("journaledSteps() says of a call that was stopped while it ran that it ran, by the tool's own name", () => {
  const asked = { callId: "toolu_1", tool: "call_tool", input: { name: "run_shell", input: { command: "make" } } };
  const rows = [row("model:0", { step: { text: "", calls: [asked, asked], content: [], finish: "tool-calls" } })];
  const [step] = journaledSteps(rows, [], (callId) => (callId === "0.0" ? "executing" : null));
  expect(step?.calls.map(({ tool, input, status, summary }) => ({ tool, input, status, summary }))).toEqual([
    { tool: "run_shell", input: { command: "make" }, status: "failed", summary: "Stopped while it ran." },
    { tool: "run_shell", input: { command: "make" }, status: "failed", summary: "Not done." },
  ]);
  expect(step?.calls[0]?.output).toEqual({ error: expect.stringContaining("not known") });
});
