import { z } from "zod";
import { checkEgressUrl, MAX_URL } from "../../egress/check-url.ts";
import { MargayError } from "../../errors.ts";
import { addressOf, answer, browserTool, callerOf, reaching } from "./browser-tool.ts";

/** Opens a page in a real browser. */
export const browserOpen = browserTool({
  name: "browser_open",
  version: 1,
  description:
    "Open a page in a browser, for what web_fetch cannot do: scripts, forms, signing in. Gives its text, with [e12] for what can be acted on",
  input: z.strictObject({
    url: z.string().max(MAX_URL),
    tab: z.string().max(8).optional().describe('"new", or a tab; default: the one that is open'),
  }),
  capabilities: ({ url }) => [reaching(addressOf(url)?.host ?? "")],
  effect: () => "read",
  destinations: ({ url }) => [addressOf(url)?.href ?? []].flat(),
  replay: "safe",
  describe: ({ url }) => `Open ${addressOf(url)?.href ?? url} in the browser`,
  async execute({ url, tab }, context) {
    const checked = checkEgressUrl(url);
    if (!checked.allowed) throw new MargayError("invalid_request", checked.reason);
    const shown = await context.stores.browser.open(callerOf(context), { url: checked.url.href, tab });
    const failed = shown.failed === true;
    const opened = `Opened ${shown.origin}${shown.status === undefined ? "" : ` (status ${shown.status})`}`;
    return { ...answer(shown, failed ? `Could not open ${checked.url.host}` : opened, context.composed), failed };
  },
});
