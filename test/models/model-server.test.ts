import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelScript } from "../support/model-script.ts";
import { startModelServer } from "../support/model-server.ts";

let server: Awaited<ReturnType<typeof startModelServer>>;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const anthropic = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": "k", "anthropic-version": "2023-06-01", ...headers },
    body: JSON.stringify(body),
  });
const openai = (body: unknown, headers: Record<string, string> = { authorization: "Bearer k" }): Promise<Response> =>
  fetch(`${server.url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });

const hello = [{ role: "user", content: "Hello" }];
const tool = { name: "t", input_schema: { type: "object" } };
const use = { role: "assistant", content: [{ type: "tool_use", id: "a", name: "t", input: {} }] };
const result = (id: string): unknown => ({ role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "x" }] });

describe("the scripted server as Anthropic", () => {
  it.each([
    ["no max_tokens", { model: "m", messages: hello }, "max_tokens"],
    ["no messages", { model: "m", max_tokens: 1, messages: [] }, "at least one message"],
    ["a system role", { model: "m", max_tokens: 1, messages: [{ role: "system", content: "x" }] }, "messages.0.role"],
    ["an assistant first", { model: "m", max_tokens: 1, messages: [{ role: "assistant", content: "x" }] }, "first message must use"],
    [
      "an empty text",
      { model: "m", max_tokens: 1, messages: [{ role: "user", content: [{ type: "text", text: "" }] }] },
      "must be non-empty",
    ],
    ["an unknown field", { model: "m", max_tokens: 1, messages: hello, n: 2 }, "Extra inputs are not permitted"],
    ["a tool without schema", { model: "m", max_tokens: 1, messages: hello, tools: [{ name: "t" }] }, "input_schema"],
    ["tools of the same name", { model: "m", max_tokens: 1, messages: hello, tools: [tool, tool] }, "unique"],
    [
      "a tool use without result",
      { model: "m", max_tokens: 1, tools: [tool], messages: [...hello, use, ...hello] },
      "without `tool_result` blocks",
    ],
    [
      "a result of nothing",
      { model: "m", max_tokens: 1, tools: [tool], messages: [...hello, use, result("b")] },
      "without `tool_result` blocks",
    ],
    ["a result without use", { model: "m", max_tokens: 1, tools: [tool], messages: [result("b")] }, "unexpected `tool_use_id`"],
    ["tool use without tools", { model: "m", max_tokens: 1, messages: [...hello, use, result("a")] }, "must define tools"],
    [
      "text before a result",
      {
        model: "m",
        max_tokens: 1,
        tools: [tool],
        messages: [
          ...hello,
          use,
          {
            role: "user",
            content: [
              { type: "text", text: "x" },
              { type: "tool_result", tool_use_id: "a" },
            ],
          },
        ],
      },
      "must come first",
    ],
    [
      "five cache marks",
      {
        model: "m",
        max_tokens: 1,
        messages: [
          { role: "user", content: Array.from({ length: 5 }, () => ({ type: "text", text: "x", cache_control: { type: "ephemeral" } })) },
        ],
      },
      "maximum of 4 blocks",
    ],
  ])("refuses %s", async (_, body, message) => {
    const response = await anthropic(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining(message) },
    });
  });

  it("wants a key and a version", async () => {
    expect((await fetch(`${server.url}/v1/messages`, { method: "POST", body: "{}" })).status).toBe(401);
    expect((await anthropic({ model: "m", max_tokens: 1, messages: hello }, { "anthropic-version": "2020-01-01" })).status).toBe(400);
  });

  it("echoes, streams and counts", async () => {
    expect(await (await anthropic({ model: "m", max_tokens: 9, messages: hello })).json()).toMatchObject({
      content: [{ type: "text", text: "You said: Hello" }],
      stop_reason: "end_turn",
    });
    const text = await (await anthropic({ model: "m", max_tokens: 9, messages: hello, stream: true })).text();
    expect(text.match(/^event: .*$/gm)?.[0]).toBe("event: message_start");
    expect(text).toContain('event: message_stop\ndata: {"type":"message_stop"}');
    const counted = await fetch(`${server.url}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "x-api-key": "k", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ model: "m", messages: hello }),
    });
    expect(await counted.json()).toEqual({ input_tokens: expect.any(Number) });
  });
});

describe("the scripted server as OpenAI", () => {
  const call = { role: "assistant", content: null, tool_calls: [{ id: "a", type: "function", function: { name: "t", arguments: "{}" } }] };
  it.each([
    ["no messages", { model: "m", messages: [] }, "messages"],
    ["an unknown field", { model: "m", messages: hello, foo: 1 }, "Unrecognized request argument supplied: foo"],
    [
      "stream options without a stream",
      { model: "m", messages: hello, stream_options: { include_usage: true } },
      "only allowed when 'stream' is enabled",
    ],
    ["an unanswered call", { model: "m", messages: [...hello, call, ...hello] }, "must be followed by tool messages"],
    ["a call at the end", { model: "m", messages: [...hello, call] }, "must be followed by tool messages"],
    [
      "an answer to nothing",
      { model: "m", messages: [...hello, { role: "tool", tool_call_id: "a", content: "x" }] },
      "must be a response to a preceeding message",
    ],
    ["an empty assistant", { model: "m", messages: [...hello, { role: "assistant", content: null }] }, "expected a string"],
    ["a tool without type", { model: "m", messages: hello, tools: [{ function: { name: "t" } }] }, "tools.0.type"],
    ["a choice without tools", { model: "m", messages: hello, tool_choice: "auto" }, "only allowed when 'tools' are specified"],
  ])("refuses %s", async (_, body, message) => {
    const response = await openai(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", message: expect.stringContaining(message) } });
  });

  it("wants a key", async () => {
    expect((await openai({ model: "m", messages: hello }, {})).status).toBe(401);
  });

  it("sends the usage of a stream only when asked", async () => {
    const plain = await (await openai({ model: "m", messages: hello, stream: true })).text();
    const counted = await (await openai({ model: "m", messages: hello, stream: true, stream_options: { include_usage: true } })).text();
    expect(plain).not.toContain("prompt_tokens");
    expect(counted).toContain("prompt_tokens");
    expect(plain.endsWith("data: [DONE]\n\n")).toBe(true);
  });
});

describe("the script", () => {
  it("is kept by key, used in order, then the fallback, then the echo", async () => {
    const script = modelScript(server.url, "scripted");
    const ask = async (): Promise<string> => (await openai({ model: "m", messages: hello }, { authorization: "Bearer scripted" })).text();
    await script.set([{ text: "one" }, { text: "two" }], { text: "again" });
    expect([await ask(), await ask(), await ask(), await ask()].join().match(/"content":"(\w+)"/g)).toEqual([
      '"content":"one"',
      '"content":"two"',
      '"content":"again"',
      '"content":"again"',
    ]);
    expect(await script.requests()).toHaveLength(4);
    expect((await script.requests())[0]).toMatchObject({ api: "openai", path: "/v1/chat/completions", status: 200, body: { model: "m" } });
    await script.clear();
    expect(await ask()).toContain("You said: Hello");
  });
  it("refuses a step that it does not understand", async () => {
    await expect(modelScript(server.url, "x").set([JSON.parse('{"txt":"typo"}')])).rejects.toThrow("model server");
  });
});
