import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { shorten } from "./context.ts";

/**
 * Halves a request that is too long for a model, in place: first the oldest messages go, then what is left is cut in its middle. The instructions stay, and so do the last message of the
 * user and what was done for it, with every tool call beside its result. False: nothing more can be taken out.
 */
export function shrinkPrompt(prompt: LanguageModelV4Prompt): boolean {
  const before = prompt.reduce((sum, message) => sum + sizeOf(message), 0);
  const target = before / 2;
  let size = before;
  const first = prompt.findIndex(({ role }) => role !== "system");
  const last = prompt.findLastIndex(({ role }) => role === "user");
  if (first >= 0 && last > first) {
    // Whole exchanges only: what is left begins with the user.
    let end = first;
    for (let at = first; at < last && size > target; at++) {
      size -= sizeOf(prompt[at]);
      end = at + 1;
    }
    while (end < last && prompt[end]?.role !== "user") size -= sizeOf(prompt[end++]);
    prompt.splice(first, end - first);
  }
  if (size > target) cutTexts(prompt, target / size);
  return prompt.reduce((sum, message) => sum + sizeOf(message), 0) < before * 0.9;
}

type Message = LanguageModelV4Prompt[number];

/** Characters of text, about; files count as one. */
const sizeOf = (message: Message | undefined): number => (message === undefined ? 0 : JSON.stringify(textsOf(message)).length);

const textsOf = (message: Message): string[] =>
  typeof message.content === "string"
    ? [message.content]
    : message.content.flatMap((part) => {
        if (part.type === "text" || part.type === "reasoning") return [part.text];
        if (part.type === "tool-result" && part.output.type === "text") return [part.output.value];
        if (part.type === "tool-call") return [JSON.stringify(part.input)];
        return [];
      });

/** Cuts long texts to a share of their length. */
function cutTexts(prompt: LanguageModelV4Prompt, share: number): void {
  for (const [index, message] of prompt.entries()) {
    if (message.role === "user")
      prompt[index] = {
        ...message,
        content: message.content.map((part) => (part.type === "text" ? { ...part, text: cut(part.text, share) } : part)),
      };
    if (message.role === "tool")
      prompt[index] = {
        ...message,
        content: message.content.map((part) =>
          part.type === "tool-result" && part.output.type === "text"
            ? { ...part, output: { ...part.output, value: cut(part.output.value, share) } }
            : part,
        ),
      };
  }
}

/** Shorter texts are left whole: cutting them saves nothing and loses the question. */
const WHOLE = 2_000;

function cut(text: string, share: number): string {
  if (text.length <= WHOLE) return text;
  const shortened = shorten(text, Math.max(WHOLE, text.length * share));
  if (!text.startsWith("[content ")) return shortened;
  // What is left of a quotation stays one: no line of it may begin as one of ours.
  const [label = "", ...lines] = shortened.split("\n");
  return [label, ...lines.map((line) => (line.startsWith("> ") ? line : `> ${line}`))].join("\n");
}
