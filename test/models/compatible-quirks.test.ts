import { describe, expect, it } from "vitest";
import { quirksOf } from "../../src/models/compatible-quirks.ts";

const body = {
  model: "m",
  max_tokens: 10,
  messages: [
    { role: "user", content: "x" },
    {
      role: "assistant",
      content: null,
      reasoning_content: "hm",
      tool_calls: [{ id: "toolu_01ABCDEFGH", type: "function", function: { name: "t", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "toolu_01ABCDEFGH", content: "done" },
  ],
};
const changed = (host: string): Record<string, unknown> => quirksOf(host).transformRequestBody?.(body) ?? body;

describe("quirksOf()", () => {
  it("leaves an unknown host's request alone and asks for the usage", () => {
    expect(changed("ollama.example.com")).toBe(body);
    expect(quirksOf("ollama.example.com").includeUsage).toBe(true);
  });
  it("names OpenAI's limit as its newer models want it", () => {
    expect(changed("api.openai.com")).toMatchObject({ max_completion_tokens: 10 });
    expect(changed("api.openai.com")).not.toHaveProperty("max_tokens");
  });
  it.each(["api.openai.com", "api.groq.com", "api.mistral.ai"])("keeps another model's reasoning from %s", (host) => {
    expect(JSON.stringify(changed(host))).not.toContain("reasoning_content");
  });
  it("gives Mistral ids of nine characters, the same for a call and its result", () => {
    const text = JSON.stringify(changed("api.mistral.ai"));
    const ids = [...text.matchAll(/"(?:id|tool_call_id)":"([^"]+)"/g)].map((match) => match[1]);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(quirksOf("api.mistral.ai").includeUsage).toBe(false);
  });
  it("does not change its input", () => {
    const before = structuredClone(body);
    changed("api.openai.com");
    changed("api.mistral.ai");
    expect(body).toEqual(before);
  });
});
