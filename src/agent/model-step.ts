import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { OfferedTool } from "./tool-offer.ts";

/** A tool call as the model wrote it. `input` is what its JSON parsed to, or the raw text where it did not parse: the gate refuses that. */
export interface RequestedCall {
  callId: string;
  tool: string;
  input: unknown;
}

/** What one model call gave. Plain JSON: it is journaled. */
export interface ModelStep {
  text: string;
  calls: RequestedCall[];
  /** The assistant message as the next call must see it, with the provider's own metadata (signed reasoning and the like). */
  content: AssistantContent;
  finish: string;
}

type AssistantContent = Extract<LanguageModelV4Message, { role: "assistant" }>["content"];

export interface ModelStepRequest {
  model: LanguageModelV4;
  prompt: LanguageModelV4Prompt;
  tools: readonly OfferedTool[];
  signal: AbortSignal;
  onText(delta: string): void;
}

/** Tools as the model interface takes them; made once per set of tools. */
const definitions = new WeakMap<readonly OfferedTool[], NonNullable<LanguageModelV4CallOptions["tools"]>>();

function definitionsOf(tools: readonly OfferedTool[]): NonNullable<LanguageModelV4CallOptions["tools"]> {
  const known = definitions.get(tools);
  if (known) return known;
  const made = tools.map((tool) => ({
    type: "function" as const,
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputSchema,
  }));
  definitions.set(tools, made);
  return made;
}

/**
 * One call of a model, read to its end. Uses the AI SDK's model interface (`LanguageModelV4.doStream`) directly: the loop is ours, so
 * nothing of `streamText` but its overhead would be left. Throws what the router throws (`ModelError`).
 */
export async function modelStep(request: ModelStepRequest): Promise<ModelStep> {
  const { stream } = await request.model.doStream({
    prompt: request.prompt,
    ...(request.tools.length ? { tools: definitionsOf(request.tools), toolChoice: { type: "auto" } } : {}),
    abortSignal: request.signal,
  });
  const step: ModelStep = { text: "", calls: [], content: [], finish: "other" };
  const open = new Map<string, AssistantContent[number] & { text: string }>();
  for await (const part of stream) {
    switch (part.type) {
      case "text-start":
      case "reasoning-start": {
        const block = { type: part.type === "text-start" ? ("text" as const) : ("reasoning" as const), text: "" };
        open.set(part.id, block);
        step.content.push(block);
        break;
      }
      case "text-delta":
      case "reasoning-delta": {
        const block = open.get(part.id);
        if (block) block.text += part.delta;
        if (block && part.providerMetadata) block.providerOptions = part.providerMetadata;
        if (part.type === "text-delta" && part.delta !== "") {
          step.text += part.delta;
          request.onText(part.delta);
        }
        break;
      }
      case "reasoning-end": {
        const block = open.get(part.id);
        if (block && part.providerMetadata) block.providerOptions = part.providerMetadata;
        break;
      }
      case "tool-call": {
        const input = parseInput(part.input);
        step.calls.push({ callId: part.toolCallId, tool: part.toolName, input });
        step.content.push({
          type: "tool-call",
          toolCallId: part.toolCallId,
          toolName: part.toolName,
          // What goes back to the provider must be an object, whatever the model wrote.
          input: typeof input === "object" && input !== null && !Array.isArray(input) ? input : {},
          ...(part.providerMetadata ? { providerOptions: part.providerMetadata } : {}),
        });
        break;
      }
      case "finish":
        step.finish = part.finishReason.unified;
        break;
      case "error":
        throw part.error;
      default:
        break;
    }
  }
  // Providers refuse text blocks of nothing or of white space on the way back in.
  step.content = step.content.filter((part) => part.type !== "text" || part.text.trim() !== "");
  return step;
}

function parseInput(input: string): unknown {
  if (input.trim() === "") return {};
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}
