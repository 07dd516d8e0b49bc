import { WEEKDAY } from "./words.ts";

const RECURRING = new RegExp(
  [
    `\\b(?:every|each)\\s+(?:other\\s+|second\\s+|single\\s+|\\d+(?:st|nd|rd|th)?\\s+|first\\s+|last\\s+|\\w+\\s+)?(?:days?|weekdays?|weeks?|weekends?|months?|years?|quarters?|hours?|minutes?|mornings?|afternoons?|evenings?|nights?|${WEEKDAY}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`,
    `\\b(?:every|each)\\s+\\d`,
    "\\b(?:daily|weekly|fortnightly|bi-?weekly|monthly|bi-?monthly|quarterly|yearly|annually|hourly|nightly)\\s*(?:$|at\\b|on\\b|from\\b|until\\b)",
    "\\beveryday\\s*$",
    "\\b(?:on )?(?:sundays|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|weekdays|weekends)\\b(?! from (?:now|today))",
    "\\b(?:once|twice|\\d+ times|three times) (?:a|per|every) (?:day|week|month|year)\\b",
  ].join("|"),
);

/** Whether the text speaks of something that comes again and again ("every monday", "daily at 9"). */
export const isRecurring = (text: string): boolean => RECURRING.test(text);
