import type { LanguageModelV4, LanguageModelV4Prompt, LanguageModelV4StreamPart } from "@ai-sdk/provider";

/** What a fake model does when it is called the n-th time. */
export type FakeStep =
  | { text?: string; calls?: { tool: string; input: unknown; id?: string }[]; finish?: "stop" | "length" | "content-filter" }
  | { error: Error };

/** A language model in memory that follows a script, for tests of the loop in plain Node. */
export function fakeModel(steps: FakeStep[]): LanguageModelV4 & { prompts: LanguageModelV4Prompt[] } {
  const prompts: LanguageModelV4Prompt[] = [];
  const doStream: LanguageModelV4["doStream"] = async (options) => {
    options.abortSignal?.throwIfAborted();
    prompts.push(structuredClone(options.prompt));
    const step = steps[prompts.length - 1];
    if (!step) throw new Error(`the fake model has no step ${prompts.length}`);
    if ("error" in step) throw step.error;
    return { stream: streamOf(partsOf(step)) };
  };
  return {
    specificationVersion: "v4",
    provider: "fake",
    modelId: "fake",
    supportedUrls: {},
    prompts,
    doStream,
    doGenerate: () => Promise.reject(new Error("the loop streams")),
  };
}

function partsOf(step: Exclude<FakeStep, { error: Error }>): LanguageModelV4StreamPart[] {
  const parts: LanguageModelV4StreamPart[] = [{ type: "stream-start", warnings: [] }];
  if (step.text !== undefined) {
    parts.push({ type: "text-start", id: "0" });
    for (const delta of step.text.match(/.{1,4}/gsu) ?? []) parts.push({ type: "text-delta", id: "0", delta });
    parts.push({ type: "text-end", id: "0" });
  }
  for (const [index, call] of (step.calls ?? []).entries())
    parts.push({
      type: "tool-call",
      toolCallId: call.id ?? `call_${index}`,
      toolName: call.tool,
      input: typeof call.input === "string" ? call.input : JSON.stringify(call.input),
    });
  const unified = step.finish ?? (step.calls?.length ? "tool-calls" : "stop");
  parts.push({
    type: "finish",
    finishReason: { unified, raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
  });
  return parts;
}

const streamOf = (parts: LanguageModelV4StreamPart[]): ReadableStream<LanguageModelV4StreamPart> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
