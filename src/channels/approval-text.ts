import type { ApprovalView } from "./approval-view.ts";
import { type Subject, subjectOf } from "./approval-subject.ts";
import { inlineCode } from "./inline-code.ts";
import { longTexts } from "./long-texts.ts";

/** Characters of values, programs and texts that a question holds itself. */
const IN_QUESTION = 1_500;

/** What a person has to read before they say yes, as Markdown: what the call is, and below it what that line does not say. `whole`: nothing is left out of it. */
export function subjectText(view: ApprovalView): { title: string; blocks: string[]; whole: boolean } {
  const { title, values, texts } = subjectOf(view);
  const length = [...values.map(({ value }) => value), ...texts.map(({ text }) => text)].reduce((all, one) => all + one.length, 0);
  if (length > IN_QUESTION) return { title, blocks: [], whole: false };
  return { title, blocks: [...(values.length === 0 ? [] : [values.map(valueLine).join("\n")]), ...texts.map(textBlock)], whole: true };
}

/** All arguments of a call, as Markdown: programs and texts line by line, the rest as JSON. Nothing is left out. */
export function argumentsText(view: ApprovalView): string[] {
  const { texts } = subjectOf({ ...view, description: "" });
  const rest = texts.length === 0 ? view.arguments : restOf(view.arguments);
  return [...(rest === "{}" ? [] : [fenced(rest, "json")]), ...texts.map(textBlock), ...(view.shows ?? []).map(textBlock)];
}

/** What is not among the texts. */
const restOf = (text: string): string => JSON.stringify(longTexts(JSON.parse(text)).rest, null, 2);

function valueLine({ name, value }: Subject["values"][number]): string {
  const said = `- ${inlineCode(name)}:`;
  if (value === "") return `${said} (empty)`;
  // What code on one line would change is a block.
  return inlineCode(value) === `\`${value}\`` ? `${said} ${inlineCode(value)}` : `${said}\n\n${fenced(value).replaceAll(/^/gm, "  ")}`;
}

const textBlock = ({ name, text }: Subject["texts"][number]): string => `${inlineCode(name)}:\n${fenced(text)}`;

/** A block of code that nothing in it can end. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
