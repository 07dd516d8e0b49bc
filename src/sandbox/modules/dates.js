/** Instants, days, durations and zones: Luxon as it is. */
export { DateTime, Duration, Info, Interval } from "luxon";
