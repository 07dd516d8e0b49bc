import { z } from "zod";
import { skillsWords } from "../../memory/skills-words.ts";
import { plain } from "../../plain.ts";

const Found = z.object({ found: z.array(z.object({ text: z.string(), from: z.string(), in: z.string() })) });
const Remembered = z.object({ remembered: z.string(), known: z.boolean().optional(), replaced_older: z.boolean().optional() });
const Forgotten = z.object({
  forgotten: z.number(),
  which: z.array(z.object({ text: z.string() })).optional(),
  still_in_skills: z.array(z.string()).optional(),
});

const SHOWN = 8;

/** What `recall` answered, for a person; null: it failed. */
export function recalledText(output: unknown, asked: string): string | null {
  const read = Found.safeParse(output);
  if (!read.success) return null;
  const { found } = read.data;
  if (found.length === 0) return `I remember nothing about ${plain(asked)}.`;
  // What was said has two sides, each on its own line.
  return found
    .slice(0, SHOWN)
    .map(({ text, from }) => `- ${linesOf(text).map(plain).join("\n  ")} (${plain(from)})`)
    .join("\n");
}

/** Without empty lines and the marks of headings. */
const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/^#{1,6}\s+/u, ""))
    .filter((line) => line.trim() !== "");

/** What `remember` answered; null: it failed. */
export function rememberedText(output: unknown): string | null {
  const read = Remembered.safeParse(output);
  if (!read.success) return null;
  if (read.data.known) return "I knew that already.";
  return read.data.replaced_older ? "I will remember that, in the place of what I knew before." : "I will remember that.";
}

/** What `forget` answered; null: it failed. */
export function forgottenText(output: unknown): string | null {
  const read = Forgotten.safeParse(output);
  if (!read.success) return null;
  const { forgotten, which, still_in_skills: skills = [] } = read.data;
  if (which) return `Which one? I forgot nothing yet.\n${which.map(({ text }) => `- ${plain(text)}`).join("\n")}`;
  const done = forgotten === 1 ? "Forgotten." : `Forgotten, with what it had replaced: ${forgotten} in all.`;
  return skills.length === 0 ? done : `${done} ${skillsWords(skills)}`;
}
