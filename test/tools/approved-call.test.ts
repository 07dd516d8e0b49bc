import { describe, expect, test } from "vitest";
import { approvedOf } from "../support/memory-gate.ts";
import { sends, setup } from "./adder.ts";

describe("CompiledTool.approved()", () => {
  const asked = async (tool = sends()) => {
    const world = setup(tool);
    await world.compiled.call(world.call({ input: { title: "milk", to: "bob@example.com" } }));
    const [request] = world.parked;
    if (!request) throw new Error("nothing was parked");
    return { ...world, request };
  };

  test("runs where it was asked: what it works on there, such as an open page, is that of the conversation", async () => {
    const places: unknown[] = [];
    const { compiled, request } = await asked({
      ...sends(),
      async execute(_input, { conversationId }) {
        places.push(conversationId);
        return { output: null, summary: "Sent" };
      },
    });
    await compiled.approved(approvedOf(request));
    expect(places).toEqual([request.call.conversationId]);
    expect(places[0]).toEqual(expect.any(String));
  });

  test("holds who asked to what they may, as it was when they asked", async () => {
    const profiles: unknown[] = [];
    const tool = {
      ...sends(),
      async execute(_input: unknown, { profile }: { profile: readonly string[] | null }) {
        profiles.push(profile);
        return { output: null, summary: "Sent" };
      },
    };
    const { compiled, call, parked } = setup(tool);
    const profile = [...tool.capabilities({ title: "milk", to: "bob@example.com" }), "net.fetch:shop.example"];
    await compiled.call(call({ input: { title: "milk", to: "bob@example.com" }, profile }));
    const request = parked[0] ?? expect.fail();
    await compiled.approved(approvedOf(request));
    expect(profiles).toEqual([profile]);
    expect((await compiled.approved(approvedOf(request, { profile: ["net.fetch:shop.example"] }))).status).toBe("denied");
    expect(profiles).toHaveLength(1);
  });

  test("runs exactly what was parked, with the approval as its basis", async () => {
    const { compiled, list, log, events, request } = await asked();
    expect(await compiled.approved(approvedOf(request))).toMatchObject({ status: "done" });
    expect(list).toEqual(["milk"]);
    expect(log.rows.get("c1")).toMatchObject({ state: "done" });
    expect(events.at(-1)).toMatchObject({ kind: "result", outcome: "done", basis: "a1" });
  });

  test.each([
    ["other arguments", { input: '{"title":"all of it","to":"bob@example.com"}' }],
    ["arguments of another form", { input: '{"title":7}' }],
    ["another hash", { inputHash: "0" }],
    ["another user", { userId: "u2" }],
    ["another version of the tool", { version: "2" }],
    ["another tool", { tool: "subtract" }],
  ])("runs nothing with %s, and says why", async (_name, change) => {
    const { compiled, list, log, events, request } = await asked();
    const outcome = await compiled.approved(approvedOf(request, change));
    expect(outcome.status).toBe("denied");
    expect(outcome.summary).not.toBe("");
    expect(list).toEqual([]);
    expect(log.rows.get("c1")).toMatchObject({ state: "denied" });
    expect(events.at(-1)).toMatchObject({ kind: "result", outcome: "denied" });
  });

  test("runs nothing that was taken away since", async () => {
    const off = await asked();
    off.state.policies = { add: "off" };
    expect((await off.compiled.approved(approvedOf(off.request))).status).toBe("denied");
    const revoked = await asked();
    revoked.state.granted = [];
    expect((await revoked.compiled.approved(approvedOf(revoked.request))).status).toBe("denied");
    expect([...off.list, ...revoked.list]).toEqual([]);
  });
});
