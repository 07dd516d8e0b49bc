import { toolTitle } from "../../permission/tool-title.ts";

/** How the agent is told of an answer, and how the person who gave it is. */
const ANSWERS: readonly [told: RegExp, said: (tool: string) => string][] = [
  [/^The user approved (\w+), and it is done;/u, (tool) => `You said yes to “${tool}”, and it is done`],
  [/^The user approved (\w+), but it failed;/u, (tool) => `You said yes to “${tool}”, but it failed`],
  [/^The user approved (\w+), but it was interrupted/u, (tool) => `You said yes to “${tool}”, and it was interrupted`],
  [/^The user approved (\w+)/u, (tool) => `You said yes to “${tool}”`],
  [/^The user said no to (\w+)\./u, (tool) => `You said no to “${tool}”`],
  [/^Nobody answered in time about (\w+),/u, (tool) => `Nobody answered in time about “${tool}”`],
];

/** The line under which what Margay told its agent is folded: its first, in words for the person. */
export function noticeTitle(text: string): string {
  const first = text.split("\n", 1)[0] ?? "";
  for (const [told, said] of ANSWERS) {
    const tool = told.exec(first)?.[1];
    if (tool !== undefined) return said(toolTitle(tool));
  }
  return first;
}
