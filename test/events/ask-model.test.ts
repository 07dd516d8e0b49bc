import { afterEach, expect, test, vi } from "vitest";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { askModel } from "../../src/events/ask-model.ts";

afterEach(() => vi.useRealTimers());

test("askModel() gives a model half a minute, and leaves no timer behind, which would keep the object awake", async () => {
  vi.useFakeTimers();
  const event = { title: "PR", content: "Faster", origin: "GitHub" };
  let answered = false;
  const model = onlyThis<LanguageModelV4>("LanguageModelV4", {
    doGenerate: ({ abortSignal }) =>
      new Promise((_, reject) => {
        abortSignal?.addEventListener("abort", () => {
          answered = true;
          reject(new Error("aborted"));
        });
      }),
  });
  const answer = askModel("Is it?", event, () => model);
  await vi.advanceTimersByTimeAsync(29_000);
  expect([answered, vi.getTimerCount()]).toEqual([false, 1]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answer).toMatchObject({ is: "undecided" });
  expect(vi.getTimerCount()).toBe(0);
});
