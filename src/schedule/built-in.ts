/** A schedule that comes with Margay. */
export interface BuiltIn {
  name: string;
  title: string;
  prompt: string;
  /** When, if nothing else is said. */
  when: string;
}

/** All of them are off until the user switches them on. Their prompts use what is there: to-dos, what was done, memory. */
export const BUILT_IN: readonly BuiltIn[] = [
  {
    name: "morning_briefing",
    title: "Morning briefing",
    when: "every day at 7:30",
    prompt:
      "Give me my morning briefing: what is overdue, what is due today and what comes in the next days from my to-dos, what you did or asked since yesterday, and what you remember that matters today. At most ten lines, the most important first. If there is nothing, say so in one line.",
  },
  {
    name: "weekly_summary",
    title: "Weekly summary",
    when: "every friday at 16:00",
    prompt:
      "Sum up my week: which to-dos were done, which are overdue or still open, and what you did, sent or asked in the last seven days. Then what is due next week, and one question if something is stuck. At most fifteen lines.",
  },
];

/** What `/check-in` asks. */
export const CHECK_IN =
  "Check in with me.\nLook at my to-dos and at what we spoke of last: name what is overdue or due soon, ask how one thing that matters is going, and offer one next step. Short and friendly; no list of everything.";
