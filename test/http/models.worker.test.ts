import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { modelsRoutes } from "../../src/http/models.ts";
import { RateLimit } from "../../src/http/rate-limit.ts";
import { BAD_BODIES } from "./support/bad-json.ts";
import { codeOf, House, type Person } from "./support/house.ts";

const house = new House(modelsRoutes);
let alice: Person;
const KEY = "sk-secret-0123456789abcd";
const put = (path: string, body: unknown): Promise<Response> => house.call(alice, "PUT", `/api/v1/models/providers/${path}`, body);

beforeAll(async () => {
  alice = await house.person("alice");
});

describe("/api/v1/models/providers", () => {
  test("lists endpoints in snake_case with ISO instants", async () => {
    expect(await (await house.call(alice, "GET", "/api/v1/models/providers")).json()).toEqual({
      providers: [
        {
          provider: "anthropic",
          endpoint: "default",
          source: "user",
          base_url: null,
          last_four: "abcd",
          updated_at: "1970-01-01T00:00:00.000Z",
        },
      ],
    });
  });

  test("sets a key and never sends it back", async () => {
    const response = await put("openai-compatible/groq", { api_key: KEY, base_url: "https://api.groq.example/v1" });
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain(KEY);
    const input = { provider: "openai-compatible", endpoint: "groq", apiKey: KEY, baseUrl: "https://api.groq.example/v1" };
    expect(alice.agent.calls.at(-1)).toEqual(["putProvider", input]);
  });

  test("forgets one", async () => {
    expect((await house.call(alice, "DELETE", "/api/v1/models/providers/anthropic/default")).status).toBe(204);
    expect(alice.agent.calls.at(-1)).toEqual(["deleteProvider", "anthropic", "default"]);
  });

  test.each([
    ["an unknown provider", "acme/default", { api_key: KEY }],
    ["an endpoint with odd characters", "anthropic/A%2F..", { api_key: KEY }],
    ["nothing to set", "anthropic/default", {}],
    ["an empty key", "anthropic/default", { api_key: "" }],
    ["a key with a line break", "anthropic/default", { api_key: "a\nb" }],
    ["an address that is not http", "openai-compatible/x", { base_url: "ftp://example.com" }],
    ["an address with credentials", "openai-compatible/x", { base_url: "https://u:p@example.com" }],
    ["no address", "openai-compatible/x", { base_url: "example" }],
  ])("refuses %s, without repeating the key", async (_what, path, body) => {
    const response = await put(path, body);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(KEY);
  });

  test.each(BAD_BODIES)("refuses %s", async (_what, body) => expect((await put("anthropic/default", body)).status).toBe(400));
});

describe("POST /api/v1/models/test", () => {
  const body = { provider: "anthropic", api_key: KEY };

  test("reports the connection", async () => {
    const response = await house.call(alice, "POST", "/api/v1/models/test", body);
    expect(await response.json()).toEqual({ ok: true, message: "It works.", models: ["m"], token_count: 9, latency_ms: 5 });
    expect(alice.agent.calls.at(-1)).toEqual([
      "testProvider",
      { provider: "anthropic", endpoint: "default", apiKey: KEY, baseUrl: undefined },
    ]);
  });

  test("is limited for each user by themself", async () => {
    const [eager, calm] = await Promise.all([house.person("eager"), house.person("calm")]);
    const tryOut = (person: Person): Promise<Response> => house.call(person, "POST", "/api/v1/models/test", body);
    for (let count = 0; count < 10; count++) expect((await tryOut(eager)).status).toBe(200);
    const refused = await tryOut(eager);
    expect([refused.status, await codeOf(refused)]).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await tryOut(calm)).status).toBe(200);
  });
});

describe("RateLimit", () => {
  test("allows exactly its limit in a window and again after it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1000 }), (limit, window) => {
        const limited = new RateLimit(limit, window);
        for (let count = 0; count < limit; count++) limited.take("a", 0);
        expect(() => limited.take("a", window - 1)).toThrow("Too many tries");
        limited.take("a", window);
      }),
    );
  });
});
