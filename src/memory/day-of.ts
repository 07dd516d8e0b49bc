import { echoDay } from "../dates/echo.ts";
import { toLocal } from "../dates/zone.ts";

/** `12 May 2026`, in the user's zone. */
export const dayOf = (at: number, timeZone: string): string => echoDay(toLocal(at, timeZone)).replace(/^\w+ /, "");
