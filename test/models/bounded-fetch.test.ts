import { expect, test } from "vitest";
import { boundedFetch } from "../../src/models/bounded-fetch.ts";
import { Connections } from "../../src/models/connections.ts";

/** An endpoint that sends `chunks` chunks of 1,000 bytes and counts what was asked of it. */
function endpoint(chunks: number) {
  let sent = 0;
  const send: typeof fetch = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent++ < chunks) controller.enqueue(new Uint8Array(1_000));
          else controller.close();
        },
      }),
      { status: 201, headers: { "x-kept": "yes" } },
    );
  return { send, sent: () => sent };
}

test("boundedFetch() passes an answer within the limit on as it is", async () => {
  const response = await boundedFetch(endpoint(10).send, 10_000)("https://models.example/v1");
  expect([response.status, response.headers.get("x-kept")]).toEqual([201, "yes"]);
  expect((await response.arrayBuffer()).byteLength).toBe(10_000);
});

test("boundedFetch() ends an answer without end, and stops asking for more of it", async () => {
  const { send, sent } = endpoint(Number.POSITIVE_INFINITY);
  const response = await boundedFetch(send, 10_000)("https://models.example/v1");
  await expect(response.text()).rejects.toThrow("longer than 10000 bytes");
  expect(sent()).toBeLessThan(20);
});

test("Connections bounds what an address says that a user entered, saved or only typed", async () => {
  const rows = new Map<string, unknown>([
    ["provider:openai-compatible:mine", { baseUrl: "https://models.example/v1", hasKey: false, lastFour: "", updatedAt: 1 }],
  ]);
  const { send } = endpoint(Number.POSITIVE_INFINITY);
  const connections = new Connections({
    settings: {
      read: (key, schema) => (rows.has(key) ? schema.parse(rows.get(key)) : null),
      keys: (prefix) => [...rows.keys()].filter((key) => key.startsWith(prefix)),
      write: () => {},
      delete: () => {},
    },
    vault: { put: async (name) => ({ name, lastFour: "" }), get: async () => null, delete: () => false },
    deployment: {},
    bindings: {},
    fetch: send,
    now: () => 1,
  });
  const saved = await connections.connection({ provider: "openai-compatible", endpoint: "mine" });
  const typed = await connections.candidate({ provider: "openai-compatible", endpoint: "other", baseUrl: "https://other.example/v1" });
  for (const connection of [saved, typed]) expect(connection?.fetch).not.toBe(send);
});
