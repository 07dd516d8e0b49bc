import { z } from "zod";

/** What the scripted model server does with one request. Without any field it echoes. */
export const Step = z.strictObject({
  /** Only for a request that holds all of these texts; others are answered by the next step that fits. */
  when: z.array(z.string()).optional(),
  /** Is not used up. */
  repeat: z.boolean().optional(),
  text: z.string().optional(),
  toolCalls: z.array(z.strictObject({ name: z.string(), input: z.unknown() })).optional(),
  /** An error status instead of an answer. `body` replaces the vendor's usual JSON; `retryAfter` is the header as it is sent. */
  error: z.strictObject({ status: z.number().int(), retryAfter: z.string().optional(), body: z.unknown().optional() }).optional(),
  /** Destroys the connection after so many stream events; 0: before any answer. */
  cutAfter: z.number().int().nonnegative().optional(),
  /** Ends the body properly after so many stream events, without the closing events. */
  endAfter: z.number().int().nonnegative().optional(),
  /** Sends the vendor's in-stream error after so many events. */
  errorAfter: z.strictObject({ events: z.number().int().nonnegative(), type: z.string() }).optional(),
  /** Puts something that is not JSON after the second event (or in place of the body). */
  malformed: z.boolean().optional(),
  /** Before the first byte, milliseconds. */
  delayMs: z.number().nonnegative().optional(),
  /** Between two stream events, milliseconds. */
  chunkDelayMs: z.number().nonnegative().optional(),
  /** This many stream events at once; the rest when the test releases it. */
  holdAfter: z.number().int().nonnegative().optional(),
  /** What the answer reports instead of counting. `inputTokens` is all of the input. */
  usage: z
    .strictObject({
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      cachedInputTokens: z.number().int().optional(),
      cacheWriteTokens: z.number().int().optional(),
    })
    .optional(),
});
export type Step = z.infer<typeof Step>;

export const Script = z.strictObject({
  /** The API key it belongs to. */
  key: z.string().min(1),
  /** One a request, in order. */
  steps: z.array(Step),
  /** What happens when the steps are used up; without it, echo. */
  fallback: Step.optional(),
});
export type Script = z.infer<typeof Script>;

/** A request as it arrived, refused ones too. */
export const ReceivedRequest = z.object({
  api: z.enum(["anthropic", "openai"]),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
  /** Status of the answer. */
  status: z.number(),
});
export type ReceivedRequest = z.infer<typeof ReceivedRequest>;

/** The answer of a step, before a vendor's format is put around it. */
export interface Answer {
  text: string;
  toolCalls: { id: string; name: string; input: unknown }[];
  usage: { inputTokens: number; outputTokens: number; cachedInputTokens: number; cacheWriteTokens: number };
}

/** A refusal as the real API would give it. */
export interface Refusal {
  status: number;
  body: unknown;
}

/** Something a validator found wrong. */
export class BadRequest extends Error {
  constructor(
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }
}

/** Cuts a text into pieces as models stream it: words with the space before them, sometimes two, never inside a surrogate pair. */
export function pieces(text: string): string[] {
  const words = text.match(/\s*\S{1,12}|\s+/gu) ?? [];
  const result: string[] = [];
  for (let index = 0; index < words.length;) {
    const take = 1 + ((index * 7) % 3 === 0 ? 1 : 0);
    result.push(words.slice(index, index + take).join(""));
    index += take;
  }
  return result;
}

export const countTokens = (value: unknown): number => Math.ceil(JSON.stringify(value ?? "").length / 4);
