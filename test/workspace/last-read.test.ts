import { expect, test } from "vitest";
import { LastRead } from "../../src/workspace/last-read.ts";

const setup = () => {
  const last = new LastRead<{ text: string }>();
  const made: string[] = [];
  const read = (name: string, text = name) =>
    last.of(name, async () => {
      made.push(name);
      if (text === "") throw new Error("It cannot be read.");
      return { text };
    });
  return { made, read };
};

test("LastRead reads a file that is read part by part once, and anew after another", async () => {
  const { made, read } = setup();
  expect([await read("a"), await read("a"), await read("b"), await read("b"), await read("a")].map(({ text }) => text)).toEqual([
    "a",
    "a",
    "b",
    "b",
    "a",
  ]);
  expect(made).toEqual(["a", "b", "a"]);
});

test("LastRead keeps nothing that could not be read, and no text that takes too much memory", async () => {
  const { made, read } = setup();
  await expect(read("a", "")).rejects.toThrow("It cannot be read.");
  expect(await read("a")).toEqual({ text: "a" });
  const long = "x".repeat(1_000_001);
  expect((await read("b", long)).text).toBe(long);
  await read("b", long);
  expect(made).toEqual(["a", "a", "b", "b"]);
});
