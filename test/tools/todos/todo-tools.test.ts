import { encode } from "gpt-tokenizer";
import { describe, expect, test } from "vitest";
import { onlyThis } from "../../../scripts/eval/gate/only-this.ts";
import { SYSTEM_PROMPT } from "../../../src/agent/prompt.ts";
import { offerOf } from "../../../src/agent/tool-offer.ts";
import { covers } from "../../../src/permission/capability.ts";
import { compileTool } from "../../../src/tools/compile-tool.ts";
import { builtInTools, DEFAULT_GRANTS, type Stores } from "../../../src/tools/registry.ts";
import { matchTitle } from "../../../src/tools/todos/match-todo.ts";
import { memoryGate } from "../../support/memory-gate.ts";
import { readTask } from "../../../src/tools/todos/read-task.ts";

/** Something for each field that a tool looks at to say what it needs and how bad it can be. */
const SAMPLE = {
  url: "https://example.com/",
  site: "https://example.com/",
  fields: [{ ref: "e1", text: "a" }],
  id: "example.com/1",
  manager: "pip",
  name: "pandas",
};

describe("builtInTools", () => {
  test("cost, with the instructions, less than 1,600 tokens a turn, whatever else is found by search", () => {
    const { deps } = memoryGate(onlyThis<Stores>("Stores", {}));
    const tools = builtInTools.map((tool) => compileTool(tool, deps));
    const tokens = offerOf(tools).offered.map(
      ({ name, description, inputSchema }) => encode(JSON.stringify({ name, description, input_schema: inputSchema })).length,
    );
    expect(tokens.reduce((sum, count) => sum + count, encode(SYSTEM_PROMPT).length)).toBeLessThan(1_600);
  });

  test("have unique names and need only what everybody is granted", () => {
    const names = builtInTools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const tool of builtInTools) {
      const needed = tool.capabilities(SAMPLE);
      expect(needed).not.toEqual([]);
      for (const capability of needed)
        expect(
          DEFAULT_GRANTS.some((granted) => covers(granted, capability)),
          capability,
        ).toBe(true);
    }
  });

  test("can take back every write", () => {
    for (const tool of builtInTools) expect(tool.undo !== undefined).toBe(tool.effect(SAMPLE) === "write");
  });
});

describe("readTask()", () => {
  const CASES: Record<string, object> = {
    "film the workout video, p1, due tomorrow": { title: "film the workout video", priority: "p1", due: "tomorrow" },
    "tomorrow call mom at 9": { title: "call mom", due: "tomorrow at 9" },
    "submit report (p2) before next friday at 3pm": { title: "submit report", priority: "p2", due: "next friday at 3pm" },
    "pay rent by 5/6": { title: "pay rent", due: "5/6" },
    "read 1984, due fryday": { title: "read 1984", due: "fryday" },
    "milk high priority": { title: "milk", priority: "p2" },
    "stand by me": { title: "stand by me" },
    "pay due bills": { title: "pay due bills" },
    "plan sunday dinner": { title: "plan sunday dinner" },
    "buy 5 apples": { title: "buy 5 apples" },
    "email p. 4 of report": { title: "email p. 4 of report" },
  };
  test.each(Object.entries(CASES))("reads %j", (line, expected) => {
    expect(readTask(line, { now: Date.parse("2026-11-18T10:15:00+01:00"), timeZone: "Europe/Oslo" })).toEqual(expected);
  });
});

test("matchTitle() prefers the same title, folds accents and ignores pointing words", () => {
  const todos = [{ title: "Buy milk" }, { title: "Buy milk for Åse" }];
  expect(matchTitle(todos, "BUY MILK")).toEqual([todos[0]]);
  expect(matchTitle(todos, "the ase one")).toEqual([todos[1]]);
  expect(matchTitle(todos, "milk")).toEqual(todos);
  expect(matchTitle(todos, "ilk")).toEqual([]);
});
