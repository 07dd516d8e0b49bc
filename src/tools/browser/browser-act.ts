import { z } from "zod";
import { type Key, KEYS } from "../../browser/input.ts";
import { MargayError } from "../../errors.ts";
import type { Act } from "./browser-port.ts";
import { answer, browserTool, callerOf, reaching } from "./browser-tool.ts";

const Input = z.strictObject({
  do: z.enum(["click", "select", "press", "scroll", "wait", "back", "close"]),
  ref: z.string().max(12).optional(),
  value: z.string().max(500).optional().describe("option, key (Enter …), screens to scroll (-1: up), words or seconds to wait for"),
  tab: z.string().max(8).optional(),
  site: z
    .string()
    .min(1)
    .max(260)
    .optional()
    .describe("left out, unless an answer says so: host of the page, which the user is asked about"),
});
type Input = z.infer<typeof Input>;

/** Acts on a page without sending anything: what would send is told, and done by `browser_submit` alone. */
export const browserAct = browserTool({
  name: "browser_act",
  version: 2,
  description:
    "Click, select, press, scroll, wait, go back or close in the browser. What would send something is not done: it gives an id for browser_submit",
  input: Input,
  capabilities: ({ site }) => (site === undefined ? [] : [reaching(site)]),
  effect: () => "read",
  destinations: ({ site }) => (site === undefined ? [] : [site]),
  replay: "never",
  describe: ({ do: verb, ref, value, site }) =>
    [WORDS[verb], ref, value, site === undefined ? undefined : `on ${site}`].filter((word) => word !== undefined).join(" "),
  async execute(input, context) {
    const shown = await context.stores.browser.act(callerOf(context, input.site), actOf(input));
    return answer(
      shown,
      shown.proposal === null ? `${WORDS[input.do]}: ${shown.origin}` : `Would send to ${shown.proposal.id.split("#")[0] ?? ""}`,
    );
  },
});

const WORDS: Readonly<Record<Input["do"], string>> = {
  click: "Click",
  select: "Choose",
  press: "Press",
  scroll: "Scroll",
  wait: "Wait",
  back: "Go back",
  close: "Close",
};

const MAX_WAIT_S = 30;
const isKey = (text: string): text is Key => KEYS.some((key) => key === text);

function actOf({ do: verb, ref, value, tab }: Input): Act {
  const needs = (what: string): MargayError => new MargayError("invalid_request", `To ${verb}, ${what}.`);
  switch (verb) {
    case "click":
      if (ref === undefined) throw needs("say what: ref, as the page shows it ([e12])");
      return { do: verb, ref };
    case "select":
      if (ref === undefined || value === undefined) throw needs("say where (ref) and which option (value)");
      return { do: verb, ref, value };
    case "press":
      if (value === undefined || !isKey(value)) throw needs(`value has to be one of ${KEYS.join(", ")}`);
      return { do: verb, key: value, ref, tab };
    case "scroll": {
      const screens = Number(value ?? 1);
      if (!Number.isInteger(screens) || screens === 0 || Math.abs(screens) > 50)
        throw needs("value has to be a number of screens, -50 to 50");
      return { do: verb, screens, tab };
    }
    case "wait": {
      const seconds = value !== undefined && /^\d{1,2}$/.test(value) ? Number(value) : null;
      return seconds === null
        ? { do: verb, words: value, seconds: value === undefined ? 2 : 15, tab }
        : { do: verb, seconds: Math.min(seconds, MAX_WAIT_S), tab };
    }
    case "back":
    case "close":
      return { do: verb, tab };
  }
}
