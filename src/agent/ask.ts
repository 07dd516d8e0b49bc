import type { LanguageModelV4, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { ModelError } from "../models/model-error.ts";
import { type ModelStep, modelStep } from "./model-step.ts";
import type { OfferedTool } from "./tool-offer.ts";

/** What the loop asks a model for. */
export interface AskRequest {
  /** The number of the step in its turn, and which try of it this is, both from 0. */
  step: number;
  attempt: number;
  prompt: LanguageModelV4Prompt;
  tools: readonly OfferedTool[];
  signal: AbortSignal;
  onText(delta: string): void;
}

/** What came of asking. A failed call is an outcome, not an exception: it is journaled, and the wait before the next attempt is durable. */
export type Asked = { step: ModelStep } | { failure: AskFailure };

export interface AskFailure {
  code: string;
  /** For the user. */
  message: string;
  retryable: boolean;
  /** What the provider asked for, milliseconds. */
  retryAfterMs: number | null;
}

/** How the loop reaches a model: the coordinator has one, an executor asks the coordinator. Throws only what ends the turn, its own cancellation. */
export type Ask = (request: AskRequest) => Promise<Asked>;

/** Asks a model directly. */
export const askModel =
  (model: LanguageModelV4): Ask =>
  async ({ prompt, tools, signal, onText }) => {
    try {
      return { step: await modelStep({ model, prompt, tools, signal, onText }) };
    } catch (error) {
      if (signal.aborted || !(error instanceof ModelError)) throw error;
      const { kind, message, retryable, retryAfterMs } = error;
      return { failure: { code: kind === "budget" ? "budget_exceeded" : `model_${kind}`, message, retryable, retryAfterMs } };
    }
  };
