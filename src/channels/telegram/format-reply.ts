import type { FormattedText } from "./formatted.ts";
import { markdownToRuns, plainRuns } from "./markdown.ts";
import { splitRuns } from "./split.ts";

/** A Markdown reply as the messages Telegram gets. Blank text gives none. `page`: where the user's page is, for paths of their files; null: not known. */
export const formatReply = (markdown: string, page: string | null = null): FormattedText[] => splitRuns(markdownToRuns(markdown, page));

/** The same text without any formatting, for when Telegram refuses the entities. */
export const plainReply = (text: string): FormattedText[] => splitRuns(plainRuns(text));
