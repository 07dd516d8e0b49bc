import { BrowserSession } from "../../src/browser/browser-session.ts";
import { browserCall } from "../support/browser-call.ts";
import { startBrowserSite } from "../support/browser-site.ts";
import { startChromium } from "../support/chromium.ts";
import { ms, percentile, type Row } from "./table.ts";

const RUNS = 20;

/** What reading a page takes in a browser of this machine, served from loopback. */
export async function benchBrowser(): Promise<Row[]> {
  const [chromium, site] = await Promise.all([startChromium(), startBrowserSite()]);
  const call = browserCall(async (path) => path);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  try {
    const { socket } = await chromium.launch();
    const session = new BrowserSession(socket, {
      resolve: async () => ({ kind: "unknown" }),
      now: () => Date.now(),
      newId: () => crypto.randomUUID(),
      loopback: new Set([site.origin, site.other]),
    });
    const start = await timed(() => session.start());
    const open: number[] = [];
    const read: number[] = [];
    for (let n = 0; n < RUNS; n++) {
      open.push(await timed(() => session.open(call, { url: `${site.origin}/endless` })));
      read.push(await timed(() => session.read(call, {})));
    }
    await session.close();
    return [
      { name: "browser: session start, Chromium running", value: ms(start) },
      { name: "browser: open a page until it is quiet, p50 / p95", value: `${ms(percentile(open, 0.5))} / ${ms(percentile(open, 0.95))}` },
      { name: "browser: read the page that is open, p50 / p95", value: `${ms(percentile(read, 0.5))} / ${ms(percentile(read, 0.95))}` },
    ];
  } finally {
    await chromium.stop();
    await site.close();
  }
}
