import { z } from "zod";
import { marked, scheduleTool, view } from "./schedule-tool.ts";

const SHOWN = 100;

export const listSchedules = scheduleTool({
  name: "list_schedules",
  version: 1,
  description: "List reminders and schedules, next first",
  input: z.object({}),
  effect: "read",
  rare: true,
  describe: () => "Read your schedules",
  execute(_input, { stores, timeZone }) {
    const all = stores.schedules.current();
    const shown = all.slice(0, SHOWN);
    return {
      output: {
        schedules: shown.map((one) => view(one, timeZone)),
        ...(all.length > shown.length ? { not_shown: all.length - shown.length } : {}),
      },
      summary: all.length === 1 ? "Read 1 schedule" : `Read ${all.length} schedules`,
      ...marked(...shown),
    };
  },
});
