import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { RecordedPart } from "../db/object/context-records.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import { CONTEXT_BUDGET, sizeOf } from "./context.ts";
import type { Window } from "./context-window.ts";
import type { Image } from "./deps.ts";
import { buildPrompt, recalledText, summaryTexts, SYSTEM_PROMPT } from "./prompt.ts";
import { RECALL_BUDGET, type RecalledItem } from "./recalled.ts";
import type { Space } from "../memory/search.ts";
import { OUTSIDE_CHARS, SUMMARY_CHARS } from "./summarise.ts";

/** Everything that one request may be made from. */
export interface ContextInput {
  window: Window;
  images: ReadonlyMap<string, Image>;
  persona: string;
  /** What is always known about the user; empty: nothing yet. */
  profile: Profile;
  /** The skills that are enabled, a line each; absent: none. */
  skills?: string;
  recalled: readonly RecalledItem[];
  /** What Margay itself says beside the last message; absent: nothing. */
  note?: string;
  tools: readonly CompiledTool[];
  timeZone: string;
}

/** The block about the user that is in every context, and the memories that it was made of. */
export interface Profile {
  text: string;
  ids: readonly string[];
}

/** Characters that the profile may take. */
export const PROFILE_CHARS = 1_200;

export interface Assembled {
  prompt: LanguageModelV4Prompt;
  /** What it was made from, for the record. */
  parts: RecordedPart[];
  /** Whether anything in it is content that nobody vouches for. */
  tainted: boolean;
}

/**
 * Makes a request from its parts, each within its budget. The fixed part comes first and stays the same, byte for byte, while persona and profile do; the summary changes when the window
 * jumps; what was recalled for this question goes into the last message of the user, and is gone in the next turn.
 */
export function assemble(input: ContextInput): Assembled {
  const { window, images, persona, profile, skills = "", recalled, note = "", tools, timeZone } = input;
  const { messages, summary } = window;
  const prompt = buildPrompt(messages, {
    timeZone,
    persona,
    profile: profile.text,
    skills,
    summary,
    recalled,
    images,
    ...(note === "" ? {} : { note }),
  });
  const inPart = (part: Space) => recalled.filter((item) => item.part === part);
  const first = messages[0];
  const parts: RecordedPart[] = [
    { part: "instructions", tokens: tokensOf(SYSTEM_PROMPT.length + note.length), budget: null, sources: [] },
    { part: "persona", tokens: tokensOf(persona.length), budget: 1_000, sources: [] },
    {
      part: "profile",
      tokens: tokensOf(profile.text.length),
      budget: tokensOf(PROFILE_CHARS),
      sources: profile.ids.map((id) => ({ id, why: "always there", tainted: false })),
    },
    ...(["memory", "knowledge", "archive"] as const).map((part) => ({
      part,
      tokens: tokensOf(inPart(part).reduce((sum, item) => sum + recalledText(item).length + 3, 0)),
      budget: tokensOf(RECALL_BUDGET[part]),
      sources: inPart(part).map(({ id, why, tainted }) => ({ id, why, tainted })),
    })),
    {
      part: "summary",
      tokens: tokensOf(summaryTexts(summary).join("").length),
      budget: tokensOf(SUMMARY_CHARS + OUTSIDE_CHARS),
      sources:
        summary === null
          ? []
          : [{ id: null, why: "older messages", tainted: summary.outside !== "", label: `${summary.messages} earlier messages` }],
    },
    {
      part: "messages",
      tokens: tokensOf(messages.reduce((sum, message) => sum + sizeOf(message), 0)),
      budget: tokensOf(CONTEXT_BUDGET),
      sources: first
        ? [
            {
              id: first.id,
              why: "this conversation",
              tainted: messages.some((message) => message.tainted),
              label: messages.length === 1 ? "1 message" : `${messages.length} messages`,
            },
          ]
        : [],
    },
    { part: "tools", tokens: toolTokens(tools) + tokensOf(skills.length), budget: null, sources: [] },
  ];
  const tainted = parts.some(({ sources }) => sources.some((source) => source.tainted));
  return { prompt, parts: parts.filter(({ tokens }) => tokens > 0), tainted };
}

/** About; four characters to a token. */
const tokensOf = (characters: number): number => Math.ceil(characters / 4);

const counted = new WeakMap<readonly CompiledTool[], number>();

function toolTokens(tools: readonly CompiledTool[]): number {
  const known = counted.get(tools);
  if (known !== undefined) return known;
  const made = tokensOf(
    tools.reduce((sum, tool) => sum + tool.name.length + tool.description.length + JSON.stringify(tool.inputSchema).length, 0),
  );
  counted.set(tools, made);
  return made;
}
