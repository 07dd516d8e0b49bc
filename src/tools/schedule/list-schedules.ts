import { z } from "zod";
import { describeSpec } from "../../schedule/describe.ts";
import { marked, scheduleTool, view } from "./schedule-tool.ts";

const SHOWN = 100;

export const listSchedules = scheduleTool({
  name: "list_schedules",
  version: 2,
  description: "List reminders and schedules, next first",
  input: z.object({ built_in: z.boolean().optional().describe("those that come with Margay, on or off") }),
  effect: "read",
  rare: true,
  describe: () => "Read your schedules",
  execute({ built_in }, { stores, timeZone }) {
    if (built_in === true) {
      const all = stores.schedules.builtIns();
      return {
        output: {
          built_in: all.map(({ title, on, default_when, schedule }) => ({
            title,
            on,
            when: schedule === null ? default_when : describeSpec(schedule.spec, schedule.time_zone ?? timeZone),
          })),
        },
        summary: "Read the built-in schedules",
        ...marked(...all.flatMap(({ schedule }) => (schedule === null ? [] : [schedule]))),
      };
    }
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
