import { z } from "zod";
import { describeSeen, Seen } from "../../browser/proposal.ts";
import { answer, browserTool, callerOf, reaching } from "./browser-tool.ts";

const Input = z.strictObject({
  id: z
    .string()
    .max(300)
    .regex(/^[^#\s]+#\d+$/, "is not an id that browser_act gave"),
  seen: Seen.optional().describe("left out: it is what the user is shown"),
});

/** The host that an id names: where it goes. */
const hostIn = (id: string): string => id.slice(0, id.lastIndexOf("#"));

/** Does what would send something, as the user saw it. */
export const browserSubmit = browserTool({
  name: "browser_submit",
  version: 2,
  description: "Do what browser_act held back since it would send something, by its id. The user is asked, with the values and a picture",
  input: Input,
  capabilities: ({ id }) => [reaching(hostIn(id))],
  effect: () => "external",
  // The picture that the user is shown is another each time, so the same call never comes again.
  standing: () => "never",
  destinations: ({ id }) => [hostIn(id)],
  replay: "never",
  describe: ({ id, seen }) => (seen === undefined ? `Send to ${hostIn(id)}` : describeSeen(seen, id)),
  // What the model says of it is worth nothing: it is shown as the browser has it.
  asked({ id }, { browser }) {
    const proposal = browser.proposal(id);
    if (proposal === null)
      return { refused: `Nothing is held back as ${id}.`, next: "Read the page and do it again: browser_act gives the id." };
    return { input: { id, seen: proposal.seen }, description: describeSeen(proposal.seen, id) };
  },
  async execute({ id, seen }, context) {
    const shown = await context.stores.browser.submit(callerOf(context), id, seen ?? null);
    const sent = [...new Set(shown.sent.map(({ method, url }) => `${method} ${url.split("?")[0] ?? ""}`))];
    return answer(shown, sent.length === 0 ? `Nothing was sent to ${hostIn(id)}` : `Sent ${sent.slice(0, 3).join(", ")}`);
  },
});
