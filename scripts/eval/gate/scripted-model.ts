import type { LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { Playback } from "./playback.ts";

/** What it says when it has made every call. */
export const LAST_WORDS = "That is all.";

/** A model that obeys everything: it makes the calls of a case in order, one a step, whatever they are answered, and then ends with a sentence. */
export function scriptedModel(playback: Playback): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "scripted",
    modelId: "scripted",
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error("the loop streams")),
    doStream(options) {
      options.abortSignal?.throwIfAborted();
      const call = playback.next();
      const said: LanguageModelV4StreamPart[] =
        call === null
          ? [
              { type: "text-start", id: "0" },
              { type: "text-delta", id: "0", delta: LAST_WORDS },
              { type: "text-end", id: "0" },
            ]
          : [{ type: "tool-call", toolCallId: `call_${playback.count}`, toolName: call.tool, input: JSON.stringify(call.input) }];
      return Promise.resolve({ stream: streamOf([{ type: "stream-start", warnings: [] }, ...said, finish(call !== null)]) });
    },
  };
}

const finish = (calls: boolean): LanguageModelV4StreamPart => ({
  type: "finish",
  finishReason: { unified: calls ? "tool-calls" : "stop", raw: undefined },
  usage: { inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 1, text: 1, reasoning: 0 } },
});

const streamOf = (parts: LanguageModelV4StreamPart[]): ReadableStream<LanguageModelV4StreamPart> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
