import { describe, expect, test } from "vitest";
import { sleepAfterMs } from "../../src/sandbox/linux/container-host.ts";
import { CONTAINER_MICRO_USD_PER_MS, meteredSandbox } from "../../src/sandbox/linux/metered-sandbox.ts";
import { MemoryBudget } from "../models/memory-budget.ts";
import { memorySandbox } from "../support/memory-sandbox.ts";

const SLEEP_AFTER_MS = sleepAfterMs("conversation:c1");

function home(cap?: number, name = "conversation:c1") {
  const budget = new MemoryBudget(cap);
  const linux = memorySandbox();
  const clock = { now: 5_000_000 };
  const awake = new Map<string, number>();
  const sandbox = meteredSandbox(linux.sandbox, { name, awake, usedAt: null, budget, now: () => clock.now });
  linux.state.program = () => void (clock.now += 30_000);
  const { signal } = new AbortController();
  const run = async (session: string) =>
    sandbox.exec(session, { run: { shell: "true" }, cwd: null, stdin: null, timeoutMs: 60_000, hosts: [], secret: null }, () => {}, signal);
  /** Time that was booked, milliseconds. */
  const booked = (): number => budget.calls.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return { ...linux, bare: linux.sandbox, awake, sandbox, budget, clock, run, booked, signal };
}

describe("meteredSandbox()", () => {
  test("books the time that a container is awake, each moment once, until it sleeps after its last use", async () => {
    const { sandbox, run, booked, budget, clock, signal } = home();
    const began = clock.now;
    const session = await sandbox.open(signal);
    await run(session);
    clock.now += 60_000;
    await run(session);
    expect(booked()).toBe(clock.now - began + SLEEP_AFTER_MS);
    clock.now += 24 * 3_600_000;
    await run(session);
    expect(booked()).toBe(120_000 + SLEEP_AFTER_MS + 30_000 + SLEEP_AFTER_MS);
    expect(budget.open).toBe(0);
    expect(budget.calls[0]).toMatchObject({ model: "cloudflare/container", agent: "linux", turnId: "c1" });
    expect(budget.spent).toBeCloseTo(booked() * CONTAINER_MICRO_USD_PER_MS, -1);
  });

  test("books of a task's container what it was awake until the task ended, also where the object was away meanwhile", async () => {
    const { sandbox, run, booked, budget, clock, awake, bare, signal } = home(undefined, "task:t1");
    const began = clock.now;
    const session = await sandbox.open(signal);
    await run(session);
    clock.now += 60_000;
    await run(session);
    expect(booked()).toBe(clock.now - began);
    const usedAt = clock.now;
    awake.clear();
    clock.now += 90_000;
    const later = meteredSandbox(bare, { name: "task:t1", awake, usedAt, budget, now: () => clock.now });
    await later.close(session);
    expect(booked()).toBe(clock.now - began);
    // It slept in between.
    const other = meteredSandbox(bare, { name: "task:t2", awake, usedAt, budget, now: () => clock.now });
    clock.now += 24 * 3_600_000;
    await other.close("none");
    expect(booked()).toBe(usedAt + 90_000 - began + sleepAfterMs("task:t2"));
  });

  test("books each moment once of what stays awake when a session in it ends", async () => {
    const { sandbox, run, booked, clock, signal } = home(undefined, "skill:x");
    const began = clock.now;
    for (let program = 0; program < 3; program++) {
      const session = await sandbox.open(signal);
      await run(session);
      await sandbox.close(session);
    }
    expect(booked()).toBe(clock.now - began + sleepAfterMs("skill:x"));
  });

  test("books no less than nothing and no more than was reserved, however the clock is set meanwhile", async () => {
    const { sandbox, run, booked, budget, state, clock, signal } = home();
    const session = await sandbox.open(signal);
    clock.now -= 3_600_000;
    await run(session);
    expect([booked(), budget.spent > 0]).toEqual([SLEEP_AFTER_MS, true]);
    state.program = () => void (clock.now += 365 * 24 * 3_600_000);
    await run(session);
    expect(booked()).toBe(SLEEP_AFTER_MS + 60_000 + SLEEP_AFTER_MS);
  });

  test("starts nothing when a cap is reached, and books what ended with an error", async () => {
    const poor = home(1_000);
    await expect(poor.sandbox.open(poor.signal)).rejects.toMatchObject({ code: "budget_exceeded" });
    expect([poor.boxes.size, poor.budget.calls.length]).toEqual([0, 0]);
    const { sandbox, run, booked, state, signal } = home();
    const session = await sandbox.open(signal);
    state.program = () => {
      throw new Error("broke off");
    };
    await expect(run(session)).rejects.toThrow("broke off");
    expect(booked()).toBe(SLEEP_AFTER_MS);
  });
});
