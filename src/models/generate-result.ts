import type { LanguageModelV4Content, LanguageModelV4GenerateResult, LanguageModelV4StreamPart } from "@ai-sdk/provider";

/** Puts the parts of a whole stream together, as the answer of a call that does not stream. The parts end with `finish`. */
export function toGenerateResult(parts: readonly LanguageModelV4StreamPart[]): LanguageModelV4GenerateResult {
  const content: LanguageModelV4Content[] = [];
  const open = new Map<string, { type: "text" | "reasoning"; text: string }>();
  const result: Pick<LanguageModelV4GenerateResult, "warnings" | "response" | "providerMetadata"> = { warnings: [] };
  let end: Pick<LanguageModelV4GenerateResult, "finishReason" | "usage"> | null = null;
  for (const part of parts) {
    switch (part.type) {
      case "text-start":
      case "reasoning-start": {
        const block = { type: part.type === "text-start" ? ("text" as const) : ("reasoning" as const), text: "" };
        open.set(part.id, block);
        // Put in place now, so that blocks keep their order; filled as its pieces come.
        content.push(block);
        break;
      }
      case "text-delta":
      case "reasoning-delta": {
        const block = open.get(part.id);
        if (block !== undefined) block.text += part.delta;
        break;
      }
      case "reasoning-end":
      case "text-end": {
        const block = open.get(part.id);
        if (block !== undefined && part.providerMetadata !== undefined) Object.assign(block, { providerMetadata: part.providerMetadata });
        break;
      }
      case "tool-call":
      case "tool-result":
      case "tool-approval-request":
      case "file":
      case "source":
      case "custom":
      case "reasoning-file":
        content.push(part);
        break;
      case "stream-start":
        result.warnings = part.warnings;
        break;
      case "response-metadata": {
        const { type: _, ...metadata } = part;
        result.response = { ...result.response, ...metadata };
        break;
      }
      case "finish":
        end = { finishReason: part.finishReason, usage: part.usage };
        if (part.providerMetadata !== undefined) result.providerMetadata = part.providerMetadata;
        break;
      default:
        break;
    }
  }
  if (end === null) throw new Error("toGenerateResult() needs a complete stream");
  return { ...result, ...end, content: content.filter((block) => block.type !== "text" || block.text !== "") };
}
