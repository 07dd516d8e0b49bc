import { objectStorage } from "./object-storage.ts";
import { scheduleHomeOn } from "./schedule-home.ts";

/** Schedules in plain Node, on real tables. */
export const scheduleHome = () => scheduleHomeOn(objectStorage());
