import type { FormattedText } from "./formatted.ts";
import { markdownToRuns, plainRuns } from "./markdown.ts";
import { splitRuns } from "./split.ts";

/** A Markdown reply as the messages Telegram gets. Blank text gives none. */
export const formatReply = (markdown: string): FormattedText[] => splitRuns(markdownToRuns(markdown));

/** The same text without any formatting, for when Telegram refuses the entities. */
export const plainReply = (text: string): FormattedText[] => splitRuns(plainRuns(text));
