import { z } from "zod";
import type { BrowserCall } from "./browser-call.ts";
import type { Cdp } from "./cdp.ts";
import { originOf } from "./news-text.ts";
import { hostIn } from "./refs.ts";
import { type Tab, topFrame } from "./tabs.ts";

/** Pixels of the largest picture. */
const MAX_WIDTH = 2_000;
const MAX_HEIGHT = 6_000;

const Metrics = z.object({ cssContentSize: z.object({ width: z.number(), height: z.number() }) });

/** A picture of a tab, as it is seen or (`whole`) all of it, among the user's files; gives its path. The browser draws what is in password fields as dots. */
export async function picture(cdp: Cdp, call: BrowserCall, tab: Tab, whole: boolean, now: number): Promise<string> {
  const part = whole ? { captureBeyondViewport: true, clip: await all(cdp, tab) } : {};
  const { data } = await cdp.ask(
    z.object({ data: z.string() }),
    "Page.captureScreenshot",
    { format: "jpeg", quality: 60, ...part },
    tab.session,
  );
  const bytes = Uint8Array.from(atob(data), (character) => character.codePointAt(0) ?? 0);
  const { url } = topFrame(tab);
  const host = (hostIn(url) || "page").replaceAll(/[^\w.-]/g, "_");
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[:T]/g, "-");
  return call.save(`/outputs/screenshots/${host}-${time}.jpg`, "image/jpeg", bytes, originOf(url));
}

async function all(cdp: Cdp, tab: Tab) {
  const { cssContentSize } = await cdp.ask(Metrics, "Page.getLayoutMetrics", {}, tab.session);
  return { x: 0, y: 0, width: Math.min(cssContentSize.width, MAX_WIDTH), height: Math.min(cssContentSize.height, MAX_HEIGHT), scale: 1 };
}
