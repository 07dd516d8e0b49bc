import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";

/**
 * Decides what of a model's stream may go to the caller and when: tool calls only once the answer is complete (a call from a stream that was
 * cut must never run), everything else at once. Names the model that answered in the metadata.
 */
export class AnswerParts {
  readonly #name: string;
  #held: LanguageModelV4StreamPart[] = [];
  #shown = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Whether the caller was given something that a person sees: from then on no other model can take over. */
  get shown(): boolean {
    return this.#shown;
  }

  /** The parts that may go out now, after `part` came in. */
  accept(part: LanguageModelV4StreamPart): LanguageModelV4StreamPart[] {
    switch (part.type) {
      case "ping":
      case "raw":
        return [];
      case "stream-start":
        return [part, { type: "response-metadata", modelId: this.#name }];
      case "custom":
        // The start of an Anthropic message as a part of its own: bookkeeping, which would end up in the stored conversation.
        return part.kind === "anthropic.message_start" ? [] : [part];
      case "response-metadata":
        return [{ ...part, modelId: this.#name }];
      case "tool-input-start":
      case "tool-input-delta":
      case "tool-input-end":
      case "tool-call":
      case "tool-result":
      case "tool-approval-request":
        this.#held.push(part);
        return [];
      case "text-delta":
        if (part.delta !== "") this.#shown = true;
        return [part];
      case "file":
      case "source":
        this.#shown = true;
        return [part];
      case "finish": {
        const held = this.#held;
        this.#held = [];
        this.#shown = true;
        return [...held, part];
      }
      default:
        return [part];
    }
  }
}
