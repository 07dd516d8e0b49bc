import type { PromptMessage } from "./prompt.ts";

/** The share of the prompt that recent conversation may take, in characters (about four to a token). */
export const CONTEXT_BUDGET = 96_000;
/** Messages in it at most. */
export const CONTEXT_MESSAGES = 120;

/**
 * The messages that fit the budget, oldest first, beginning with one of the user. While everything fits, everything stays, so the prefix is
 * byte-stable and provider caches hit; when it overflows, the window jumps to the newest half. The newest message is always in, cut in
 * the middle if it alone is larger than the budget.
 */
export function fitContext<M extends PromptMessage>(messages: readonly M[], budget: number = CONTEXT_BUDGET): M[] {
  const total = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  let start = 0;
  if (total > budget || messages.length > CONTEXT_MESSAGES) {
    start = messages.length;
    let used = 0;
    while (start > 0 && messages.length - start < CONTEXT_MESSAGES / 2) {
      const before = messages[start - 1];
      const size = before ? sizeOf(before) : 0;
      if (used + size > budget / 2 && start < messages.length) break;
      used += size;
      start--;
    }
  }
  const kept = messages.slice(start);
  const firstUser = kept.findIndex((message) => message.role === "user");
  return (firstUser > 0 ? kept.slice(firstUser) : kept).map((message) => (sizeOf(message) > budget ? cut(message, budget) : message));
}

/** How many of these messages, from the first on, one turn can answer with all of them in its context. At least one. */
export function roomFor(messages: readonly Pick<PromptMessage, "text" | "content">[], budget: number = CONTEXT_BUDGET): number {
  let used = 0;
  const past = messages.findIndex((message, index) => {
    used += measure({ ...message, steps: [] });
    return index > 0 && (used > budget / 2 || index >= CONTEXT_MESSAGES / 2);
  });
  return past === -1 ? messages.length : past;
}

const sizes = new WeakMap<PromptMessage, number>();

/** Characters a message takes in the prompt, about; worked out once for each. */
export function sizeOf(message: PromptMessage): number {
  const known = sizes.get(message);
  if (known !== undefined) return known;
  const size = measure(message);
  sizes.set(message, size);
  return size;
}

function measure(message: Pick<PromptMessage, "text" | "content" | "steps">): number {
  let size = message.text.length + 60;
  for (const item of message.content) size += item.kind === "file" ? 100 : item.text.length + 60;
  const cap = resultChars(message.steps);
  for (const step of message.steps)
    for (const call of step.calls)
      size += JSON.stringify(call.input ?? null).length + Math.min(cap, JSON.stringify(call.output ?? null).length) + 60;
  return size;
}

/** Characters of one tool's result in a message of an earlier turn, and of all of its results together: the whole of it was read when it came. */
const RESULT_CHARS = 16_000;
const RESULTS_CHARS = 32_000;

/** How much of each result is shown again in later turns. With it an answer, whatever its tools read, leaves room for its question. */
export function resultChars(steps: PromptMessage["steps"]): number {
  const calls = steps.reduce((sum, step) => sum + step.calls.length, 0);
  return Math.max(400, Math.min(RESULT_CHARS, Math.floor(RESULTS_CHARS / Math.max(1, calls))));
}

function cut<M extends PromptMessage>(message: M, budget: number): M {
  const content = message.content.map((item) =>
    item.kind === "file" ? item : { ...item, text: shorten(item.text, Math.floor(budget / 2 / Math.max(1, message.content.length))) },
  );
  return { ...message, content, text: shorten(message.text, Math.floor(budget / 2)) };
}

/** Keeps the beginning and the end; says how much is missing. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.max(0, Math.floor((limit - 60) / 2));
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(text.length - half)}`;
}
