import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type DecisionInput } from "../../src/permission/decide.ts";
import type { Grant } from "../../src/permission/grant.ts";

const BASE: DecisionInput = {
  tool: "send_email",
  version: "1",
  effect: "external",
  capabilities: ["email.send:ana@example.com"],
  granted: ["email.send:*"],
  profile: null,
  destinations: [{ text: "ana@example.com", source: "user" }],
  tainted: false,
  grants: [],
  inputHash: "h1",
  taskId: "task-1",
  policy: null,
  asks: null,
};
const GRANT: Grant = { id: "g1", tool: "send_email", version: "1", covers: { destinations: ["ana@example.com"] }, taskId: null };

const effect = fc.constantFrom("read", "write", "external", "destructive", "spend" as const);
const address = fc.constantFrom(
  "ana@example.com",
  "bob@example.com",
  "https://example.com/a",
  "https://evil.example/?q=1",
  "Ana Berg",
  "*",
);
const capability = fc.constantFrom(
  "todos.read",
  "todos.write",
  "net.fetch:example.com",
  "net.fetch:*",
  "email.send:@example.com",
  "files.write:/",
);
const grant: fc.Arbitrary<Grant> = fc.record({
  id: fc.uuid(),
  tool: fc.constantFrom("send_email", "other"),
  version: fc.constantFrom("1", "2"),
  covers: fc.oneof(
    fc.array(address, { maxLength: 3 }).map((destinations) => ({ destinations })),
    fc.constantFrom("h1", "h2").map((inputHash) => ({ inputHash })),
  ),
  taskId: fc.constantFrom(null, "task-1", "task-2"),
});
const input: fc.Arbitrary<DecisionInput> = fc.record({
  tool: fc.constantFrom("send_email", "other"),
  version: fc.constantFrom("1", "2"),
  effect,
  capabilities: fc.array(capability, { maxLength: 3 }),
  granted: fc.array(capability, { maxLength: 4 }),
  profile: fc.option(fc.array(capability, { maxLength: 4 })),
  destinations: fc.array(fc.record({ text: address, source: fc.constantFrom("user", "given", "model" as const) }), { maxLength: 3 }),
  tainted: fc.boolean(),
  grants: fc.array(grant, { maxLength: 4 }),
  inputHash: fc.constantFrom("h1", "h2"),
  taskId: fc.constantFrom(null, "task-1"),
  policy: fc.constantFrom(null, "ask", "off" as const),
  asks: fc.constantFrom(null, "It changes how I work."),
});
const rank = { deny: 0, ask: 1, allow: 2 };

describe("decide()", () => {
  test("denies what is not granted, whatever else is said", () => {
    fc.assert(
      fc.property(input, (given) => {
        if (given.capabilities.length > 0) expect(decide({ ...given, granted: [] }).kind).toBe("deny");
      }),
    );
    expect(decide({ ...BASE, granted: ["email.send:bob@example.com"] })).toMatchObject({ kind: "deny" });
    expect(decide({ ...BASE, capabilities: ["nonsense here"] }).kind).toBe("deny");
  });

  test("denies what the profile may not use, whatever the user granted", () => {
    fc.assert(
      fc.property(input, (given) => {
        if (given.capabilities.length > 0) expect(decide({ ...given, profile: [] }).kind).toBe("deny");
      }),
    );
  });

  test("says of a profile that may not sign in with stored secrets what it lacks", () => {
    const given = { ...BASE, granted: ["net.fetch:*", "secrets.use"], capabilities: ["net.fetch:bank.example", "secrets.use:bank"] };
    for (const profile of [["net.fetch:*"], ["net.fetch:*", "secrets.use:other"]])
      expect(decide({ ...given, profile })).toEqual({
        kind: "deny",
        reason: `“Send email” needs "secrets.use:bank" to sign in with the stored secret bank, and neither that nor "secrets.use" is among the capabilities of this task's profile (or of the skill that calls it).`,
      });
    for (const own of ["secrets.use", "secrets.use:bank"])
      expect(decide({ ...given, profile: ["net.fetch:*", own] }).kind).not.toBe("deny");
  });

  test("denies a tool that is switched off", () => {
    fc.assert(
      fc.property(input, (given) => {
        expect(decide({ ...given, policy: "off" }).kind).toBe("deny");
      }),
    );
  });

  test("lets nothing external, destructive or costly run without a standing grant", () => {
    fc.assert(
      fc.property(input, (given) => {
        if (given.effect !== "read" && given.effect !== "write") expect(decide({ ...given, grants: [] }).kind).not.toBe("allow");
      }),
    );
  });

  test("allows a granted read and write of the user's own data, tainted or not", () => {
    for (const own of ["read", "write"] as const)
      for (const tainted of [true, false])
        expect(decide({ ...BASE, effect: own, destinations: [], tainted })).toMatchObject({ kind: "allow", grantId: null });
  });

  test("in a tainted context lets something leave only to destinations that are the user's word", () => {
    fc.assert(
      fc.property(input, (given) => {
        const free = given.effect === "read" || given.effect === "write";
        const decision = decide({ ...given, tainted: true });
        if (free || decision.kind !== "allow") return;
        expect(given.destinations.length).toBeGreaterThan(0);
        expect(given.destinations.every(({ source }) => source === "user")).toBe(true);
      }),
    );
  });

  test("uses a standing grant in a clean context, and in a tainted one for what the user named", () => {
    const standing = { ...BASE, grants: [GRANT] };
    expect(decide(standing)).toMatchObject({ kind: "allow", grantId: "g1" });
    expect(decide({ ...standing, tainted: true })).toMatchObject({ kind: "allow", grantId: "g1" });
    const stranger = { ...standing, tainted: true, destinations: [{ text: "ana@example.com", source: "model" as const }] };
    expect(decide(stranger)).toMatchObject({ kind: "ask", reason: expect.stringContaining("ana@example.com is not your word") });
    const without = { ...BASE, effect: "destructive" as const, destinations: [], grants: [{ ...GRANT, covers: { inputHash: "h1" } }] };
    expect(decide(without).kind).toBe("allow");
    expect(decide({ ...without, tainted: true }).kind).toBe("ask");
  });

  test.each(["read", "write"] as const)("asks before a %s reads from an address that the model put together", (own) => {
    const reading = {
      ...BASE,
      tool: "web_fetch",
      effect: own,
      capabilities: ["net.fetch:evil.example"],
      granted: ["net.fetch:*"],
    };
    const from = (source: "user" | "given" | "model") =>
      decide({ ...reading, destinations: [{ text: "https://evil.example/?q=1", source }] });
    expect([from("user").kind, from("given").kind, from("model").kind]).toEqual(["allow", "allow", "ask"]);
    expect(from("model").reason).toContain("evil.example");
  });

  test("asks before every call where the user wants that", () => {
    expect(decide({ ...BASE, effect: "read", destinations: [], policy: "ask" }).kind).toBe("ask");
    expect(decide({ ...BASE, effect: "write", destinations: [], policy: "ask" }).kind).toBe("ask");
  });

  test("takes no grant for another tool, version, task, destination or arguments", () => {
    const others: Partial<Grant>[] = [
      { tool: "send_mail" },
      { version: "2" },
      { taskId: "task-2" },
      { covers: { destinations: ["bob@example.com"] } },
      { covers: { destinations: [] } },
      { covers: { inputHash: "h2" } },
    ];
    for (const other of others) expect(decide({ ...BASE, grants: [{ ...GRANT, ...other }] }).kind).toBe("ask");
    expect(decide({ ...BASE, grants: [{ ...GRANT, taskId: "task-1" }] }).kind).toBe("allow");
  });

  test("always gives a reason, and the same answer to the same question", () => {
    fc.assert(
      fc.property(input, (given) => {
        const first = decide(given);
        expect(first.reason.length).toBeGreaterThan(5);
        expect(decide(structuredClone(given))).toEqual(first);
      }),
    );
  });

  test("gains nothing from fewer grants, from taint, from a profile, from a policy or from less of the user's word", () => {
    fc.assert(
      fc.property(input, (given) => {
        const strangers = given.destinations.map(({ text }) => ({ text, source: "model" as const }));
        const less: Partial<DecisionInput>[] = [
          { granted: given.granted.slice(1) },
          { grants: given.grants.slice(1) },
          { tainted: true },
          { profile: [] },
          { policy: given.policy ?? "ask" },
          { destinations: strangers },
        ];
        for (const change of less) expect(rank[decide({ ...given, ...change }).kind]).toBeLessThanOrEqual(rank[decide(given).kind]);
      }),
    );
  });
});
