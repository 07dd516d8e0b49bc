import { z } from "zod";
import { browserTool, callerOf } from "./browser-tool.ts";

/** A picture of a page, for the user. */
export const browserScreenshot = browserTool({
  name: "browser_screenshot",
  version: 1,
  description: "Save a picture of the page in the browser for the user; show it with the Markdown that it gives",
  input: z.strictObject({ tab: z.string().max(8).optional(), whole: z.boolean().optional() }),
  effect: () => "read",
  destinations: () => [],
  replay: "never",
  describe: () => "Take a picture of the page in the browser",
  async execute({ tab, whole = false }, context) {
    const { path, origin, url } = await context.stores.browser.screenshot(callerOf(context), { tab, whole });
    return {
      output: { saved: path, of: url, show: `![${origin.split("/")[0] ?? ""}](/files?file=${encodeURI(path)})` },
      summary: `Saved a picture of ${origin}`,
      untrusted: origin,
    };
  },
});
