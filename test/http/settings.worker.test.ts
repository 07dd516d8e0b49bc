import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_HEARTBEAT } from "../../src/heartbeat/shapes.ts";
import { settingsRoutes } from "../../src/http/settings.ts";
import { BAD_BODIES } from "./support/bad-json.ts";
import { codeOf, House, type Person } from "./support/house.ts";

const house = new House(settingsRoutes);
let alice: Person;
const patch = (body: unknown): Promise<Response> => house.call(alice, "PATCH", "/api/v1/settings", body);

beforeAll(async () => {
  alice = await house.person("alice");
});

describe("/api/v1/settings", () => {
  test("shows the settings in snake_case", async () => {
    expect(await (await house.call(alice, "GET", "/api/v1/settings")).json()).toEqual({
      time_zone: null,
      models: { fast: null, smart: null, vision: null },
      tier: "smart",
      persona: "",
      approval_minutes: {},
      tools: {},
      memory_quiet: true,
      heartbeat: DEFAULT_HEARTBEAT,
      executors: 5,
      self_improvement: "propose",
    });
  });

  test("changes what is named and keeps the rest, also within the models", async () => {
    await patch({ models: { fast: ["anthropic/claude-haiku-5"] } });
    await patch({ models: { smart: ["openai-compatible:groq/llama-4", "anthropic/claude-sonnet-5"] } });
    const response = await patch({ time_zone: "Europe/Berlin", tier: "fast" });
    expect(await response.json()).toEqual({
      time_zone: "Europe/Berlin",
      models: { fast: ["anthropic/claude-haiku-5"], smart: ["openai-compatible:groq/llama-4", "anthropic/claude-sonnet-5"], vision: null },
      tier: "fast",
      persona: "",
      approval_minutes: {},
      tools: {},
      memory_quiet: true,
      heartbeat: DEFAULT_HEARTBEAT,
      executors: 5,
      self_improvement: "propose",
    });
    expect(await (await patch({ time_zone: null, models: { smart: null } })).json()).toMatchObject({
      time_zone: null,
      models: { smart: null },
    });
  });

  test.each([
    {},
    { time_zone: "Mars/Olympus" },
    { tier: "vision" },
    { models: { fast: [] } },
    { models: { fast: ["gpt"] } },
    { models: { fast: ["anthropic/with space"] } },
    { models: { fast: Array.from({ length: 11 }, () => "a/b") } },
    { time_zone: 7 },
    { unknown: 1 },
  ])("refuses %j", async (body) => {
    const response = await patch(body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test.each(BAD_BODIES)("refuses %s", async (_what, body) => expect((await patch(body)).status).toBe(400));

  test("answers any JSON with 200 or 400", async () => {
    const shape = fc.record({
      time_zone: fc.jsonValue(),
      tier: fc.jsonValue(),
      models: fc.oneof(fc.jsonValue(), fc.record({ fast: fc.jsonValue() })),
    });
    await fc.assert(
      fc.asyncProperty(shape, async (body) => {
        expect([200, 400]).toContain((await patch(JSON.stringify(body))).status);
      }),
      { numRuns: 50 },
    );
  });

  test("refuses who has no identity", async () => {
    expect((await house.call(null, "GET", "/api/v1/settings")).status).toBe(401);
    expect((await house.call(null, "PATCH", "/api/v1/settings", { tier: "fast" })).status).toBe(401);
  });
});
