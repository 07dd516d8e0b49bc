import { expect, test } from "vitest";
import { SafetyWakes } from "../../src/agent/safety-wakes.ts";

function home() {
  const works: Promise<unknown>[] = [];
  const dropped: string[] = [];
  const safety = new SafetyWakes<"event">({ now: () => 1_000, background: (work) => void works.push(work.catch(() => undefined)) });
  const begin = (name: string, work: () => Promise<void>) => safety.begin("event", work, async () => dropped.push(name));
  return { safety, dropped, begin, settled: () => Promise.all(works) };
}

test("SafetyWakes leaves a wake behind at once, and takes it away when the work planned none", async () => {
  const { begin, dropped, settled } = home();
  expect(begin("a", async () => undefined)).toEqual({ rescheduleAt: 601_000 });
  expect(dropped).toEqual([]);
  await settled();
  expect(dropped).toEqual(["a"]);
});

test("SafetyWakes leaves a wake that the work planned, and its own where the work failed", async () => {
  const { safety, begin, dropped, settled } = home();
  begin("a", async () => safety.planned("event"));
  begin("b", () => Promise.reject(new Error("a bug")));
  await settled();
  expect(dropped).toEqual([]);
});

test("SafetyWakes takes it away only after the last of what goes on at the same time", async () => {
  const { begin, dropped, settled } = home();
  let end: () => void = () => undefined;
  begin("slow", () => new Promise((resolve) => (end = resolve)));
  begin("quick", async () => undefined);
  await Promise.resolve();
  await Promise.resolve();
  expect(dropped).toEqual([]);
  end();
  await settled();
  expect(dropped).toEqual(["slow"]);
});
