import { z } from "zod";
import { echoDue } from "../../dates/echo.ts";
import type { Tool } from "../tool.ts";
import type { ActivityPort } from "./activity-port.ts";

export const ACTIVITY_READ = "activity.read";

const DAY_MS = 24 * 3_600_000;
const LIMIT = 50;

const Input = z.strictObject({
  what: z.enum(["sent", "asked", "done"]).optional().describe("default done"),
  days: z.number().int().min(1).max(365).optional().describe("default 7"),
  text: z.string().max(200).optional(),
});

/** "Show me everything you sent this week." */
export const listActivity: Tool<typeof Input, { activity: ActivityPort }> = {
  name: "list_activity",
  version: 1,
  description: "What you did, sent or asked, from the audit trail",
  input: Input,
  capabilities: () => [ACTIVITY_READ],
  effect: () => "read",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 60, perMs: 60_000 },
  timeoutMs: 10_000,
  replay: "safe",
  rare: true,
  async execute({ what = "done", days = 7, text }, { stores, now, timeZone }) {
    const found = stores.activity.list({ what, since: now() - days * DAY_MS, text, limit: LIMIT + 1 });
    const shown = found.slice(0, LIMIT);
    return {
      output: {
        entries: shown.map(({ at, tool, event, summary, destinations }) => ({
          at: echoDue(at, true, timeZone),
          ...(tool === null ? {} : { tool }),
          event,
          summary,
          ...(destinations.length === 0 ? {} : { to: destinations }),
        })),
        ...(found.length > LIMIT ? { more: "on the page under Activity" } : {}),
      },
      summary: shown.length === 1 ? "Read 1 entry of the activity" : `Read ${shown.length} entries of the activity`,
      ...(shown.some(({ tainted }) => tainted) ? { untrusted: "activity" } : {}),
    };
  },
};
