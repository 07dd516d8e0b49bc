import { z } from "zod";
import { answer, browserTool, callerOf } from "./browser-tool.ts";

/** Reads a page that is open. */
export const browserRead = browserTool({
  name: "browser_read",
  version: 1,
  description: "Read the page that is open in the browser, from a character on, or only what holds some words",
  input: z.strictObject({
    tab: z.string().max(8).optional(),
    from: z.number().int().min(0).max(10_000_000).optional(),
    find: z.string().min(1).max(200).optional(),
  }),
  effect: () => "read",
  destinations: () => [],
  replay: "safe",
  describe: () => "Read the page in the browser",
  async execute(input, context) {
    const shown = await context.stores.browser.read(callerOf(context), input);
    return answer(shown, `Read ${shown.origin}`);
  },
});
