import { heartbeatSchema } from "./heartbeats.ts";
import { listenerSchema } from "./listeners.ts";
import { mailSchema } from "./mail-events.ts";
import { profileSchema } from "./profiles.ts";
import { scheduleSchema } from "./schedules.ts";
import { taskSchema } from "./tasks.ts";

/** What works while the user is away: schedules, tasks and their profiles, listeners, mail that came. */
export const schema004: readonly string[] = [
  ...scheduleSchema,
  ...heartbeatSchema,
  ...taskSchema,
  ...profileSchema,
  ...listenerSchema,
  ...mailSchema,
];
