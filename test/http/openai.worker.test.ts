import * as fc from "fast-check";
import OpenAI, { APIError, NotFoundError } from "openai";
import { beforeAll, describe, expect, test } from "vitest";
import { openaiRoutes } from "../../src/http/openai.ts";
import { endOf } from "./support/fake-agent.ts";
import { BAD_BODIES } from "./support/bad-json.ts";
import { House, ORIGIN, type Person } from "./support/house.ts";

const house = new House(openaiRoutes);
let alice: Person;

/** The official client, talking to the app instead of the network. */
const clientOf = (apiKey: string): OpenAI =>
  new OpenAI({
    apiKey,
    baseURL: `${ORIGIN}/v1`,
    maxRetries: 0,
    dangerouslyAllowBrowser: true,
    fetch: (input, init) => {
      const request = new Request(input, init);
      return house.fetch(new URL(request.url).pathname, request);
    },
  });

const hello = { model: "margay", messages: [{ role: "user" as const, content: "hello" }] };

beforeAll(async () => {
  alice = await house.person("alice");
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The error that a promise ends with, which must be the client's. */
async function apiError(promise: Promise<unknown>): Promise<APIError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof APIError)) throw new Error(`no API error but ${String(error)}`);
  return error;
}

describe("the official client", () => {
  test("gets an answer with usage", async () => {
    const completion = await clientOf(alice.key).chat.completions.create(hello);
    expect(completion).toMatchObject({
      object: "chat.completion",
      model: "margay",
      choices: [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13, prompt_tokens_details: { cached_tokens: 4 } },
    });
    expect(completion.id).toMatch(/^chatcmpl-/);
    expect(alice.agent.completions.at(-1)).toEqual({ text: "hello", history: [], images: [], tier: "smart" });
  });

  test("streams, with usage when it asks for it", async () => {
    const stream = await clientOf(alice.key).chat.completions.create({ ...hello, stream: true, stream_options: { include_usage: true } });
    const chunks = await all(stream);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("Hi.");
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 13 } });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test("streams without usage otherwise, and its helper adds the chunks up", async () => {
    const stream = clientOf(alice.key).chat.completions.stream({ ...hello, stream: true });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe("Hi.");
  });

  test("picks the tier by the model, and the one that sees for images", async () => {
    const client = clientOf(alice.key);
    const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };
    await client.chat.completions.create({ ...hello, model: "margay-fast" });
    await client.chat.completions.create({ ...hello, model: "margay-smart" });
    await client.chat.completions.create({ model: "margay-fast", messages: [{ role: "user", content: [image] }] });
    expect(alice.agent.completions.slice(-3).map((input) => input.tier)).toEqual(["fast", "smart", "vision"]);
    expect(alice.agent.completions.at(-1)?.images).toEqual([{ mime: "image/png", base64: "iVBORw0KGgo=" }]);
  });

  test("lists the models and reads one", async () => {
    const client = clientOf(alice.key);
    expect((await client.models.list()).data.map((model) => model.id)).toEqual(["margay", "margay-fast", "margay-smart"]);
    expect(await client.models.retrieve("margay")).toMatchObject({ id: "margay", object: "model" });
    expect(await apiError(client.models.retrieve("gpt-4o"))).toBeInstanceOf(NotFoundError);
  });

  test("throws for tools, naming the parameter", async () => {
    const tools = [{ type: "function" as const, function: { name: "f", parameters: {} } }];
    const error = await apiError(clientOf(alice.key).chat.completions.create({ ...hello, tools }));
    expect([error.status, error.type, error.param, error.code]).toEqual([400, "invalid_request_error", "tools", "unsupported_parameter"]);
  });

  test("throws for a wrong key in OpenAI's shape", async () => {
    const error = await apiError(clientOf("mgy_wrong").chat.completions.create(hello));
    expect([error.status, error.type, error.param]).toEqual([401, "authentication_error", null]);
  });

  test.each([
    ["length", "length"],
    ["refused", "content_filter"],
  ])("gets what was said by a run that ended by %s, and finish_reason %s", async (code, reason) => {
    const cora = await house.person(`cora-${code}`);
    cora.agent.events = [
      { type: "text", step: 0, delta: "The first half" },
      endOf("The first half", { status: "failed", error: { code, message: "Cut off." } }),
    ];
    const client = clientOf(cora.key);
    const whole = await client.chat.completions.create(hello);
    expect(whole.choices[0]).toMatchObject({ message: { content: "The first half" }, finish_reason: reason });
    const chunks = await all(await client.chat.completions.create({ ...hello, stream: true }));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("The first half");
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason);
  });

  test("does not send a run that failed again by itself: its tools may have done something", async () => {
    const rita = await house.person("rita");
    rita.agent.events = [endOf("", { status: "failed", message_id: null, error: { code: "model_unavailable", message: "Gone." } })];
    const client = clientOf(rita.key);
    client.maxRetries = 2;
    for (const stream of [false, true]) expect((await apiError(client.chat.completions.create({ ...hello, stream }))).status).toBe(503);
    expect(rita.agent.completions).toHaveLength(2);
  });

  test("throws for a run that failed before it said anything, streamed or not, with the status of the reason", async () => {
    const poor = await house.person("poor");
    poor.agent.events = [
      { type: "step", step: 1, model: "m" },
      endOf("", { status: "failed", message_id: null, error: { code: "budget_exceeded", message: "The daily budget is used up." } }),
    ];
    for (const stream of [false, true]) {
      const error = await apiError(clientOf(poor.key).chat.completions.create({ ...hello, stream }));
      expect([error.status, error.code]).toEqual([402, "budget_exceeded"]);
      expect(error.message).toContain("The daily budget is used up.");
    }
  });

  test("throws in the middle of a stream whose run fails", async () => {
    const ned = await house.person("ned");
    ned.agent.events = [
      { type: "text", step: 1, delta: "Half" },
      endOf("Half", { status: "failed", error: { code: "model_unavailable", message: "The model is gone." } }),
    ];
    const stream = await clientOf(ned.key).chat.completions.create({ ...hello, stream: true });
    expect((await apiError(all(stream))).message).toContain("The model is gone.");
  });

  test("throws when the object is lost, and the run is not repeated", async () => {
    const joe = await house.person("joe");
    joe.agent.breakAfter = [2];
    const stream = await clientOf(joe.key).chat.completions.create({ ...hello, stream: true });
    await expect(all(stream)).rejects.toThrow(/restarted|terminated|lost/);
    expect(joe.agent.completions).toHaveLength(1);
  });
});

describe("a step that starts over", () => {
  test("is not said twice where it says the same, and follows as a paragraph where it does not", async () => {
    const ann = await house.person("ann");
    ann.agent.events = [
      { type: "step", step: 1, model: "m" },
      { type: "text", step: 1, delta: "Hello wor" },
      { type: "step", step: 1, model: "m" },
      { type: "text", step: 1, delta: "Hello" },
      { type: "text", step: 1, delta: " world." },
      { type: "step", step: 2, model: "m" },
      { type: "text", step: 2, delta: "Old" },
      { type: "step", step: 2, model: "m" },
      { type: "text", step: 2, delta: "New." },
      endOf("Hello world.\n\nNew."),
    ];
    const stream = await clientOf(ann.key).chat.completions.create({ ...hello, stream: true });
    const text = (await all(stream)).map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
    expect(text).toBe("Hello world.\n\nOld\n\nNew.");
  });
});

describe("POST /v1/chat/completions", () => {
  const post = (body: string | Uint8Array): Promise<Response> => house.call(alice, "POST", "/v1/chat/completions", body);

  test.each(BAD_BODIES)("refuses %s in OpenAI's shape", async (_what, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", message: expect.any(String) } });
  });

  test("names the parameter that has the wrong type", async () => {
    const response = await post(JSON.stringify({ model: "margay", messages: [{ role: 1 }] }));
    expect(await response.json()).toMatchObject({ error: { param: "messages[0].role" } });
  });

  test("answers any JSON with an answer or a documented refusal", async () => {
    const part = fc.record({ type: fc.constantFrom("text", "image_url"), text: fc.jsonValue(), image_url: fc.jsonValue() });
    const message = fc.record({
      role: fc.constantFrom("user", "assistant", "system"),
      content: fc.oneof(fc.string(), fc.array(part), fc.jsonValue()),
    });
    const body = fc.record({
      model: fc.constantFrom("margay", "x"),
      messages: fc.array(message),
      stream: fc.jsonValue(),
      n: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        expect([200, 400, 404]).toContain((await post(JSON.stringify(value))).status);
      }),
    );
  });
});
