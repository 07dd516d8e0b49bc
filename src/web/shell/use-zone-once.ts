import { useEffect, useRef } from "react";
import { usePatchSettings, useSettings } from "../api/settings.ts";
import { browserTimeZone } from "../lib/time.ts";

/** Tells Margay the browser's time zone while it knows none; a zone that was chosen is never changed from here. */
export function useZoneOnce(): void {
  const settings = useSettings();
  const { mutate } = usePatchSettings();
  const told = useRef(false);
  const unknown = settings.data !== undefined && settings.data.time_zone === null;
  useEffect(() => {
    if (!unknown || told.current) return;
    told.current = true;
    mutate({ time_zone: browserTimeZone() });
  }, [unknown, mutate]);
}
