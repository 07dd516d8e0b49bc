import { expect, test } from "vitest";
import { CALL_TOOL, calledThrough, find, FIND_TOOLS, offerOf } from "../../src/agent/tool-offer.ts";
import { builtInTools } from "../../src/tools/registry.ts";
import { type CompiledTool, plainOutcome } from "../../src/tools/compiled-tool.ts";

const tool = (name: string, description: string, rare = false): CompiledTool => ({
  name,
  description,
  inputSchema: { type: "object", properties: { [name]: { type: "string" } } },
  rare,
  call: () => Promise.resolve(plainOutcome("done", null, "")),
  approved: () => Promise.reject(new Error("nobody approves")),
  undo: null,
});

const many = [
  tool("add_todo", "Add to the to-do list"),
  tool("change_settings", "Propose a change of settings", true),
  tool("list_activity", "What you did", true),
  tool("web_fetch", "Read a page"),
];

test("offerOf() offers everything in full while it fits", () => {
  expect(offerOf(many, 10_000)).toEqual({ offered: many, found: [] });
});

test("offerOf() leaves out what is rarely used first, and offers the way to find it", () => {
  const { offered, found } = offerOf(many, 50);
  expect(offered.map(({ name }) => name)).toEqual(["add_todo", "web_fetch", FIND_TOOLS, CALL_TOOL]);
  expect(found.map(({ name }) => name)).toEqual(["change_settings", "list_activity"]);
  expect(offered.find(({ name }) => name === FIND_TOOLS)?.description).toContain("change_settings");
});

test("offerOf() gives the same bytes for the same tools", () => {
  expect(JSON.stringify(offerOf(many, 50).offered)).toBe(JSON.stringify(offerOf([...many], 50).offered));
  expect(offerOf(many)).toBe(offerOf(many));
});

test("find() describes the tools that fit, and names all where none does", () => {
  const offer = offerOf(many, 50);
  expect(find(offer, { query: "change my settings" }).output).toMatchObject({ tools: [{ name: "change_settings" }] });
  expect(find(offer, { query: "zebra" }).output).toEqual({ tools: [], all: ["change_settings", "list_activity"] });
  expect(find(offer, 7).status).toBe("failed");
});

test("calledThrough() reads a name and an input, and nothing else", () => {
  expect(calledThrough({ name: "x", input: { a: 1 } })).toEqual({ tool: "x", input: { a: 1 } });
  expect(calledThrough({ name: 7 })).toBeNull();
  expect(calledThrough("x")).toBeNull();
});

test("every built-in tool has a name of its own, which is not one of the two", () => {
  const names = builtInTools.map(({ name }) => name);
  expect(new Set([...names, FIND_TOOLS, CALL_TOOL]).size).toBe(names.length + 2);
});
