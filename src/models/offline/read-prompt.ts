import type { LanguageModelV4Prompt, LanguageModelV4ToolResultPart } from "@ai-sdk/provider";
import { z } from "zod";
import { isTimeZone } from "../../dates/zone.ts";

/** A tool call with what came of it. */
export interface Answered {
  tool: string;
  input: unknown;
  /** The tool's answer; `{ error }` or `{ denied }` when it did not run to its end. */
  output: unknown;
  /** Whether the turn ended with it: what it answered was then told to the user. */
  last: boolean;
}

/** What the offline model takes from a prompt. */
export interface PromptRead {
  /** What the user typed, one entry a message of a burst. */
  words: string[];
  /** Whether there is anything that is not the user's word. */
  content: boolean;
  /** What Margay itself says, such as how an approval ended. */
  notices: string[];
  /** UTC milliseconds and zone as the prompt says them. */
  now: number;
  timeZone: string;
  /** Calls of this turn that are answered, in order. */
  answered: Answered[];
  /** Calls of earlier turns, oldest first. */
  earlier: Answered[];
}

const STAMP = /^Now: (\S+) \(\w+\), time zone (\S+)$/;
const CONTENT = "[content ";
const NOTICE = "[margay] ";
/** What was said earlier, and what is remembered: not said now, and by nobody. */
const KEPT = /^\[(?:margay (?:summary|recall)|content (?:summary|recalled) from [^\]\n]*)\]/;
const RESULT = "[content result ";
const NO_WORD = "(No message from the user, ";

/**
 * Reads a prompt. Only the user's own text is their word: parts labelled as content, whatever they say, are never obeyed. (The user's
 * message comes first, then labelled content, then the time; see `src/agent/prompt.ts`.)
 */
export function readPrompt(prompt: LanguageModelV4Prompt): PromptRead {
  const last = prompt.findLastIndex(({ role }) => role === "user");
  const read: PromptRead = {
    words: [],
    content: false,
    notices: [],
    now: 0,
    timeZone: "UTC",
    answered: answersOf(prompt.slice(last + 1)),
    earlier: answersOf(prompt.slice(0, Math.max(last, 0))),
  };
  const message = prompt[last];
  if (message?.role !== "user") return read;
  for (const part of message.content) {
    if (part.type === "text" && KEPT.test(part.text)) continue;
    if (part.type !== "text" || part.text.startsWith(CONTENT) || part.text.startsWith(NO_WORD)) {
      read.content = true;
      continue;
    }
    if (part.text.startsWith(NOTICE)) {
      read.notices.push(part.text.slice(NOTICE.length));
      continue;
    }
    const stamp = STAMP.exec(part.text);
    const at = stamp ? Date.parse(stamp[1] ?? "") : Number.NaN;
    if (stamp?.[2] !== undefined && Number.isFinite(at) && isTimeZone(stamp[2])) {
      read.now = at;
      read.timeZone = stamp[2];
    } else if (part.text.trim() !== "") read.words.push(part.text.trim());
  }
  return read;
}

/** Tools that are not offered in full are called through this one, by name. */
export const CALL_TOOL = "call_tool";
const Through = z.object({ name: z.string(), input: z.unknown() });

/** The tool that was really called, and with what. */
function called(tool: string, input: unknown): { tool: string; input: unknown } {
  const through = tool === CALL_TOOL ? Through.safeParse(input) : null;
  return through?.success ? { tool: through.data.name, input: through.data.input } : { tool, input };
}

function answersOf(messages: LanguageModelV4Prompt): Answered[] {
  const inputs = new Map<string, unknown>();
  const answers: Answered[] = [];
  const end = (): void => {
    const last = answers.at(-1);
    if (last) last.last = true;
  };
  for (const message of messages) {
    if (message.role === "user") end();
    if (message.role === "assistant")
      for (const part of message.content) if (part.type === "tool-call") inputs.set(part.toolCallId, part.input);
    if (message.role !== "tool") continue;
    for (const part of message.content) {
      if (part.type === "tool-result")
        answers.push({ ...called(part.toolName, inputs.get(part.toolCallId)), output: outputOf(part), last: false });
    }
  }
  end();
  return answers;
}

/** A result that nobody vouches for, without its label and quotation marks. */
const unlabelled = (text: string): string =>
  text.startsWith(RESULT)
    ? text
        .split("\n")
        .slice(1)
        .map((line) => line.slice("> ".length))
        .join("\n")
    : text;

function outputOf({ output }: LanguageModelV4ToolResultPart): unknown {
  switch (output.type) {
    case "text":
      try {
        return JSON.parse(unlabelled(output.value));
      } catch {
        return output.value;
      }
    case "json":
      return output.value;
    case "error-text":
      return { error: output.value };
    case "execution-denied":
      return { denied: output.reason ?? "That was not allowed." };
    default:
      return { error: "The tool failed." };
  }
}
