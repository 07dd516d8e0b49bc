import type { ContextPart, ContextSource } from "../api/context.ts";
import { whole } from "../lib/format.ts";
import { hitPlace } from "../knowledge/document-words.ts";

type PartName = ContextPart["part"];

const PARTS: Record<PartName, { name: string; what: string }> = {
  instructions: { name: "Instructions", what: "What every Margay is told." },
  persona: { name: "How Margay should be", what: "What you wrote in the settings." },
  profile: { name: "Your profile", what: "Always in mind." },
  memory: { name: "Memories", what: "Recalled because they fit, or are pinned." },
  knowledge: { name: "Documents", what: "Passages that fit." },
  archive: { name: "Earlier conversations", what: "What was said before that fits." },
  summary: { name: "Summary", what: "What was said earlier in this conversation, in short." },
  messages: { name: "This conversation", what: "The latest messages, word for word." },
  tools: { name: "Tools", what: "What Margay could have used." },
};

export const partName = (part: PartName): string => PARTS[part].name;
export const partWhat = (part: PartName): string => PARTS[part].what;

/** What is about this user first, what is the same for everyone last. */
const ORDER: PartName[] = ["profile", "memory", "knowledge", "archive", "summary", "messages", "persona", "instructions", "tools"];

/** The parts that there are, in order. */
export const orderedParts = (parts: ContextPart[]): ContextPart[] =>
  parts.filter(({ tokens, sources }) => tokens > 0 || sources.length > 0).toSorted((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part));

/** Where a source opens on this page; null: nowhere. */
export function sourceHref(part: PartName, { id }: Pick<ContextSource, "id">): string | null {
  if (part === "persona") return "/settings";
  if (id === null) return null;
  switch (part) {
    case "profile":
    case "memory":
      return `/memory?id=${encodeURIComponent(id)}`;
    case "knowledge":
      return hitPlace({ id });
    case "archive":
    case "summary":
    case "messages":
      return `/?message=${encodeURIComponent(id)}`;
    case "instructions":
    case "tools":
      return null;
  }
}

/** How full a part is: of its own budget where it has one, else of the whole. 0 to 100. */
export function fill({ tokens, budget }: Pick<ContextPart, "tokens" | "budget">, total: number): number {
  const most = budget ?? total;
  return most <= 0 ? 0 : Math.min(100, (tokens / most) * 100);
}

/** `1,204 of 2,000 tokens`. */
export const tokensWords = ({ tokens, budget }: Pick<ContextPart, "tokens" | "budget">): string =>
  budget === null ? `${whole(tokens)} tokens` : `${whole(tokens)} of ${whole(budget)} tokens`;
