import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { UNUSED_MS } from "../../src/workspace/unused-uploads.ts";
import { httpMessage, testUser } from "../support/agent-client.ts";
import { crash } from "../support/crash.ts";

test("the daily tidying ends uploads that no message took, wherever it is cut off, and none that one has", async () => {
  const user = await testUser();
  const prefix = `u/${user.id}/uploads/2026-11/`;
  await Promise.all(["sent", "lost-1", "lost-2"].map((name) => env.FILES.put(`${prefix}${name}`, name)));
  await user.model.set([{ text: "Thanks." }]);
  const file = { key: `${prefix}sent`, name: "a.bin", mime: "application/octet-stream", size: 4 };
  unwrap(await user.stub.receive(user.caller, httpMessage("Look", { content: [{ kind: "file", origin: "a file", file }] })));
  const left = async (): Promise<string[]> =>
    (await env.FILES.list({ prefix })).objects.map(({ key }) => key.slice(prefix.length)).toSorted();
  const tidied = (): Promise<unknown> =>
    runInDurableObject(user.object, (agent) =>
      agent.onJob({ job: { id: "tidy", fn: "tidy", time: 0 } } as Parameters<typeof agent.onJob>[0]),
    );
  await tidied();
  expect(await left()).toEqual(["lost-1", "lost-2", "sent"]);
  const now = Date.now();
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now + UNUSED_MS + 60_000);
  try {
    for (const delay of [0, 1, 3]) {
      const running = tidied().catch(() => null);
      await scheduler.wait(delay);
      await crash();
      await running;
      expect(await left()).toContain("sent");
    }
    await tidied();
  } finally {
    clock.mockRestore();
  }
  expect(await left()).toEqual(["sent"]);
});
