import { expect, test } from "vitest";
import { fitSteps, type StoredStep } from "../../src/agent/stored-step.ts";

const step = (id: string, output: string): StoredStep => ({
  text: `text of ${id}`,
  calls: [
    {
      callId: id,
      tool: "web_fetch",
      input: { url: "https://example.com/" },
      output,
      status: "done",
      summary: "Read it",
      untrusted: "example.com",
      links: ["https://example.com/a"],
      suspicious: false,
      approvalId: null,
    },
  ],
});
const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).byteLength;

test("fitSteps() leaves what fits as it is", () => {
  const steps = [step("0.0", "short"), step("1.0", "x".repeat(100_000))];
  expect(fitSteps(steps)).toBe(steps);
});

test("fitSteps() cuts the longest results until a row takes them, and keeps what was said, done and where it came from", () => {
  // Three bytes a character: the limit is one of bytes.
  const steps = [step("0.0", "kept"), ...Array.from({ length: 12 }, (_, index) => step(`${index + 1}.0`, "字".repeat(90_000 - index)))];
  const fitted = fitSteps(steps);
  expect(bytes(fitted)).toBeLessThan(1_300_000);
  expect(fitted[0]).toEqual(steps[0]);
  expect(fitted.map(({ text }) => text)).toEqual(steps.map(({ text }) => text));
  expect(fitted.filter(({ calls }) => String(calls[0]?.output).startsWith("[cut")).length).toBeLessThan(12);
  for (const { calls } of fitted) expect(calls[0]).toMatchObject({ status: "done", untrusted: "example.com" });
  expect(steps[1]?.calls[0]?.output).toHaveLength(90_000);
});
