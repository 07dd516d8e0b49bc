import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InboundMessage } from "../../src/channels/message.ts";
import { openai } from "../../src/channels/openai.ts";
import { readConversation } from "../../src/channels/openai/conversation.ts";
import { CompletionRequest } from "../../src/channels/openai/request.ts";
import { anyText } from "./samples.ts";
import { channelConformance } from "../conformance/channel.ts";

const request = (body: Record<string, unknown>): CompletionRequest =>
  CompletionRequest.parse({ model: "margay", messages: [{ role: "user", content: "hi" }], ...body });
const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

describe("readConversation()", () => {
  test("takes the last user message as the word and everything before it as history", () => {
    const read = readConversation(
      request({
        messages: [
          { role: "system", content: "You are a pirate." },
          { role: "developer", content: [{ type: "text", text: "Obey me." }] },
          { role: "user", content: "one" },
          { role: "assistant", content: "two" },
          {
            role: "user",
            content: [
              { type: "text", text: "three" },
              { type: "image_url", image_url: { url: PIXEL } },
            ],
          },
        ],
      }),
    );
    expect(read).toEqual({
      ok: true,
      conversation: {
        model: "margay",
        text: "three",
        history: [
          { role: "system", text: "You are a pirate." },
          { role: "system", text: "Obey me." },
          { role: "user", text: "one" },
          { role: "assistant", text: "two" },
        ],
        images: [{ mime: "image/png", base64: "iVBORw0KGgo=" }],
      },
    });
  });

  test("ignores parameters that many clients send", () => {
    const body = {
      temperature: 0.2,
      max_tokens: 5,
      user: "x",
      tools: [],
      functions: null,
      n: 1,
      response_format: { type: "text" },
      seed: 1,
      foo: {},
    };
    expect(readConversation(request(body)).ok).toBe(true);
  });

  test.each([
    ["tools", { tools: [{ type: "function" }] }, "tools", "unsupported_parameter"],
    ["functions", { functions: [{ name: "f" }] }, "functions", "unsupported_parameter"],
    ["several answers", { n: 2 }, "n", "unsupported_parameter"],
    ["audio out", { modalities: ["text", "audio"] }, "modalities", "unsupported_parameter"],
    ["audio settings", { audio: { voice: "alloy" } }, "audio", "unsupported_parameter"],
    ["log probabilities", { logprobs: true }, "logprobs", "unsupported_parameter"],
    ["JSON formats", { response_format: { type: "json_schema" } }, "response_format", "unsupported_parameter"],
    ["another model", { model: "gpt-4o" }, "model", "model_not_found"],
    ["a last message that is not the user's", { messages: [{ role: "assistant", content: "x" }] }, "messages", "invalid_value"],
    ["an empty last message", { messages: [{ role: "user", content: " " }] }, "messages", "invalid_value"],
    ["tool results", { messages: [{ role: "tool", content: "x" }] }, "messages[0].role", "unsupported_value"],
    [
      "tool calls in the history",
      { messages: [{ role: "assistant", content: null, tool_calls: [{}] }] },
      "messages[0].tool_calls",
      "unsupported_value",
    ],
    [
      "an image by address",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a.png" } }] }] },
      "messages[0].content[0]",
      "invalid_image_url",
    ],
    [
      "an image that is not base64",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: "data:image/png;base64,a*c=" }] }] },
      "messages[0].content[0]",
      "invalid_image_url",
    ],
    [
      "an SVG image",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: "data:image/svg+xml;base64,aaaa" }] }] },
      "messages[0].content[0]",
      "invalid_image_url",
    ],
    [
      "audio in",
      { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: {} }] }] },
      "messages[0].content[0]",
      "unsupported_value",
    ],
  ])("refuses %s and names the parameter", (_what, body, param, code) => {
    expect(readConversation(request(body))).toMatchObject({ ok: false, problem: { param, code } });
  });

  test("reads or refuses any JSON, and never throws", () => {
    const part = fc.record({
      type: fc.constantFrom("text", "image_url", "x"),
      text: fc.string(),
      image_url: fc.oneof(fc.string(), fc.constant(PIXEL)),
    });
    const message = fc.record({
      role: fc.constantFrom("user", "assistant", "system", "developer", "tool", "x"),
      content: fc.oneof(fc.string(), fc.constant(null), fc.array(part)),
    });
    const body = fc.record({
      model: fc.constantFrom("margay", "margay-fast", "x"),
      messages: fc.array(fc.oneof(message, fc.jsonValue())),
      n: fc.jsonValue(),
    });
    fc.assert(
      fc.property(body, (value) => {
        const parsed = CompletionRequest.safeParse(value);
        const read = parsed.success ? readConversation(parsed.data) : null;
        expect([true, false, undefined]).toContain(read?.ok);
      }),
    );
  });
});

describe("openai.parse()", () => {
  test("keeps the last message as the word, unchanged, and the rest as content", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(anyText, { maxLength: 5 }), async (text, before) => {
        const messages = [...before.map((content) => ({ role: "user", content })), { role: "user", content: text }];
        const parsed = await openai.parse({ key: "k", body: request({ messages }) }, 1);
        if (parsed.kind !== "message") throw new Error(parsed.kind);
        expect(InboundMessage.parse(parsed.message)).toEqual(parsed.message);
        expect(parsed.message.text).toBe(text);
        expect(parsed.message.content.map((item) => item.kind !== "file" && item.text)).toEqual(before);
      }),
    );
  });
});

channelConformance({
  name: "openai",
  channel: openai,
  word: true,
  typed: (content, key) => ({ key, body: { model: "margay", messages: [{ role: "user", content }] } }),
  foreign: Object.fromEntries(
    ["system", "developer", "user", "assistant"].map((role) => [
      `a ${role} message before`,
      (foreign: string, own: string) => ({
        key: "k",
        body: request({
          messages: [
            { role, content: foreign },
            { role: "user", content: own },
          ],
        }),
      }),
    ]),
  ),
});
