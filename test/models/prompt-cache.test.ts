import type { LanguageModelV4CallOptions, LanguageModelV4Message } from "@ai-sdk/provider";
import { describe, expect, it } from "vitest";
import { withCacheBreakpoints } from "../../src/models/prompt-cache.ts";

const system: LanguageModelV4Message = { role: "system", content: "s" };
const user: LanguageModelV4Message = { role: "user", content: [{ type: "text", text: "u" }] };
const assistant: LanguageModelV4Message = { role: "assistant", content: [{ type: "text", text: "a" }] };
const tool: LanguageModelV4Message = {
  role: "tool",
  content: [{ type: "tool-result", toolCallId: "1", toolName: "t", output: { type: "text", value: "x" } }],
};
const tools: LanguageModelV4CallOptions["tools"] = [
  { type: "function", name: "a", inputSchema: { type: "object" } },
  { type: "function", name: "b", inputSchema: { type: "object" } },
];
const marks = (prompt: LanguageModelV4Message[]): number[] =>
  withCacheBreakpoints({ prompt, tools }).prompt.flatMap((message, index) =>
    message.providerOptions?.["anthropic"]?.["cacheControl"] === undefined ? [] : [index],
  );

describe("withCacheBreakpoints()", () => {
  it("marks the end of the system prompt, which covers the tools", () => {
    expect(marks([system, system, user])).toEqual([1]);
    expect(withCacheBreakpoints({ prompt: [system, user], tools }).tools).toBe(tools);
  });
  it("marks what lies before the last user message, never that message itself", () => {
    expect(marks([system, user, assistant, user])).toEqual([0, 2]);
  });
  it("marks tool results at the end: the next step of the turn sends them again", () => {
    expect(marks([system, user, assistant, user, assistant, tool])).toEqual([0, 2, 5]);
  });
  it("marks the last tool where there is no system prompt", () => {
    const marked = withCacheBreakpoints({ prompt: [user], tools });
    expect(marked.tools?.map((entry) => entry.type === "function" && entry.providerOptions !== undefined)).toEqual([false, true]);
  });
  it("leaves its input alone and keeps other options", () => {
    const own: LanguageModelV4Message = { ...system, providerOptions: { anthropic: { x: 1 }, other: { y: 2 } } };
    const before = structuredClone(own);
    const [first] = withCacheBreakpoints({ prompt: [own, user] }).prompt;
    expect(own).toEqual(before);
    expect(first?.providerOptions).toEqual({ anthropic: { x: 1, cacheControl: { type: "ephemeral" } }, other: { y: 2 } });
  });
});
