import { beforeAll, describe, expect, test } from "vitest";
import { healthRoutes } from "../../src/http/health.ts";
import { messagesRoutes } from "../../src/http/messages.ts";
import { statsRoutes } from "../../src/http/stats.ts";
import { version } from "../../package.json";
import { House, type Person } from "./support/house.ts";

const house = new House([...statsRoutes, ...messagesRoutes, ...healthRoutes]);
let alice: Person;
const get = (path: string): Promise<Response> => house.call(alice, "GET", path);

beforeAll(async () => {
  alice = await house.person("alice");
});

describe("GET /api/v1/stats", () => {
  test("asks for 7 days, or as many as are named", async () => {
    await get("/api/v1/stats");
    await get("/api/v1/stats?days=366");
    expect(alice.agent.calls.slice(-2)).toEqual([
      ["stats", 7],
      ["stats", 366],
    ]);
  });

  test.each(["0", "367", "-1", "1.5", "x", "", "1e9", "NaN"])("refuses days=%s", async (days) => {
    expect((await get(`/api/v1/stats?days=${days}`)).status).toBe(400);
  });
});

describe("GET /api/v1/messages", () => {
  test("passes the query on, parsed", async () => {
    await get("/api/v1/messages?limit=5&before=9");
    expect(alice.agent.calls.at(-1)).toEqual(["messages", { limit: 5, before: 9 }]);
    await house.call(alice, "POST", "/api/v1/messages/search", { search: "café 👋" });
    expect(alice.agent.calls.at(-1)).toEqual(["messages", { search: "café 👋", limit: 50 }]);
  });

  test.each(["limit=0", "limit=201", "before=0", "before=x", "after=-1", "search=words"])("refuses %s", async (query) => {
    expect((await get(`/api/v1/messages?${query}`)).status).toBe(400);
  });

  test.each([{}, { search: "" }, { search: "x".repeat(501) }, { search: 1 }, { search: "a", limit: 0 }])(
    "refuses the search %j",
    async (body) => {
      expect((await house.call(alice, "POST", "/api/v1/messages/search", body)).status).toBe(400);
    },
  );

  test("refuses who has no identity", async () => {
    expect((await house.call(null, "GET", "/api/v1/messages")).status).toBe(401);
    expect((await house.call(null, "GET", "/api/v1/stats")).status).toBe(401);
  });
});

describe("GET /health", () => {
  test("answers anyone, with the version and nothing else", async () => {
    expect(await (await house.call(null, "GET", "/health")).json()).toEqual({ status: "ok", version });
  });
});
