import { isTimeZone } from "../dates/zone.ts";
import { describeSpec } from "./describe.ts";
import { upcoming } from "./next.ts";
import type { PreviewInput, SchedulePreview } from "./shapes.ts";
import { understandWhen } from "./understand-when.ts";

const SHOWN = 5;

/** What would be made of words, in the zone that is named with them or the user's. Nothing is stored. */
export function previewWhen({ when, time_zone }: PreviewInput, { now, timeZone }: { now: number; timeZone: string }): SchedulePreview {
  if (time_zone !== null && !isTimeZone(time_zone))
    return { ask: `"${time_zone}" is not an IANA time zone, such as Europe/Oslo. Which one?` };
  const zone = time_zone ?? timeZone;
  const understood = understandWhen(when, { saidAt: now, now, timeZone: zone });
  if (!understood.ok) return { ask: understood.question };
  const { spec, rest } = understood;
  return { understood: describeSpec(spec, zone), spec, next: upcoming(spec, now, zone, SHOWN), rest: rest.trim() };
}
