import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import { toGenerateResult } from "./generate-result.ts";
import { nextStep } from "./offline/answer.ts";
import { CALL_TOOL, readPrompt } from "./offline/read-prompt.ts";
import type { Provider } from "./provider.ts";

const NO_USAGE: LanguageModelV4Usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

/** All parts of the answer to a prompt. The same prompt gets the same answer. */
function parts(modelId: string, options: LanguageModelV4CallOptions): LanguageModelV4StreamPart[] {
  options.abortSignal?.throwIfAborted();
  const told = new Set(options.toolChoice?.type === "none" ? [] : (options.tools ?? []).map(({ name }) => name));
  const read = readPrompt(options.prompt);
  const step = nextStep(read, (tool) => told.has(tool) || told.has(CALL_TOOL));
  const answer: LanguageModelV4StreamPart[] = [
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", modelId },
  ];
  if ("text" in step) {
    answer.push({ type: "text-start", id: "text" });
    for (const delta of step.text.match(/\s*\S+\s*$|\s*\S+/g) ?? []) answer.push({ type: "text-delta", id: "text", delta });
    answer.push({ type: "text-end", id: "text" }, { type: "finish", usage: NO_USAGE, finishReason: { unified: "stop", raw: "stop" } });
    return answer;
  }
  for (const [index, { tool, input }] of step.calls.entries()) {
    const direct = told.has(tool);
    const json = JSON.stringify(direct ? input : { name: tool, input });
    const name = direct ? tool : CALL_TOOL;
    const id = `offline_${read.answered.length + index}`;
    answer.push(
      { type: "tool-input-start", id, toolName: name },
      { type: "tool-input-delta", id, delta: json },
      { type: "tool-input-end", id },
    );
    answer.push({ type: "tool-call", toolCallId: id, toolName: name, input: json });
  }
  answer.push({ type: "finish", usage: NO_USAGE, finishReason: { unified: "tool-calls", raw: "tool_calls" } });
  return answer;
}

/**
 * The model that answers where no other is configured: rules that understand to-dos in plain words, without a network. It is an AI
 * SDK language model like any other, calls only the tools it is offered, obeys only the user's own word, and says plainly what it is.
 */
export const offline: Provider = {
  id: "offline",
  needs: { apiKey: false, baseUrl: false },

  create(model) {
    return {
      specificationVersion: "v4",
      provider: "offline",
      modelId: model,
      supportedUrls: {},
      doGenerate: async (options) => toGenerateResult(parts(model, options)),
      doStream: async (options) => ({ stream: streamOf(parts(model, options)) }),
    } satisfies LanguageModelV4;
  },

  async test() {
    return {
      ok: true,
      message: "The offline model needs no connection. It understands to-dos in plain words.",
      models: ["margay"],
      tokenCount: 0,
      latencyMs: 0,
    };
  },
};

function streamOf(all: readonly LanguageModelV4StreamPart[]): ReadableStream<LanguageModelV4StreamPart> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const part = all[next++];
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
}
