import { z } from "zod";
import { plain } from "../../plain.ts";

const Activity = z.object({
  entries: z.array(z.object({ at: z.string(), event: z.string(), summary: z.string(), to: z.array(z.string()).optional() })),
  more: z.string().optional(),
});

const NOTHING = {
  sent: "Nothing was sent in that time.",
  asked: "Nothing was asked in that time.",
  done: "Nothing was done in that time.",
};

/** What `list_activity` answered, for a person. */
export function activityText(output: unknown, what: keyof typeof NOTHING): string {
  const read = Activity.safeParse(output);
  if (!read.success) return "I could not read the activity. /activity shows it.";
  const { entries, more } = read.data;
  if (entries.length === 0) return NOTHING[what];
  const lines = entries.map(
    ({ at, event, summary, to = [] }) => `- ${at}, ${event}: ${plain(summary)}${to.length === 0 ? "" : ` → ${plain(to.join(", "))}`}`,
  );
  return [...lines, ...(more === undefined ? [] : ["", `There is more ${more}.`])].join("\n");
}
