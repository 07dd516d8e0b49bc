import { z } from "zod";
import { MargayError } from "../../errors.ts";
import type { Tool } from "../tool.ts";
import type { SettingsPort } from "./settings-port.ts";

export const SETTINGS_PROPOSE = "settings.propose";

const Input = z.strictObject({
  persona: z.string().max(4_000).optional().describe("how you should be; replaces all of it"),
  tier: z.enum(["fast", "smart"]).optional(),
  time_zone: z.string().max(64).optional(),
});

const Changed = z.object({ persona: z.string(), tier: z.enum(["fast", "smart"]), timeZone: z.string().nullable() }).partial();
/** What was set before, and what the call set. */
const Receipt = z.object({ before: Changed, after: Changed });

/** The agent proposes a change of how it works. Nothing it has read, and no earlier yes to another change, makes it happen without the user's. */
export const changeSettings: Tool<typeof Input, { settings: SettingsPort }> = {
  name: "change_settings",
  version: 1,
  description: "Propose a change of how you work; the user is asked",
  input: Input,
  capabilities: () => [SETTINGS_PROPOSE],
  effect: () => "write",
  asks: "This changes how I work from now on.",
  destinations: () => [],
  untrusted: false,
  rateLimit: { calls: 10, perMs: 60_000 },
  timeoutMs: 10_000,
  // Setting the same again changes nothing.
  replay: "keyed",
  rare: true,
  describe: (input) =>
    `Change ${Object.entries(input)
      .map(([field, value]) => `${field} to “${value}”`)
      .join(", ")}`,
  async execute({ persona, tier, time_zone: timeZone }, { stores }) {
    const wanted = { persona, tier, timeZone };
    const fields = Object.entries(wanted).flatMap(([field, value]) => (value === undefined ? [] : [field]));
    if (fields.length === 0) throw new MargayError("invalid_request", "Say what to change.");
    const before = stores.settings.change(wanted);
    return { output: { changed: fields }, summary: `Changed ${fields.join(", ")}`, receipt: { before, after: wanted } };
  },
  async undo(receipt, { stores }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    const { before, after } = parsed.data;
    const now = stores.settings.now();
    for (const field of ["persona", "tier", "timeZone"] as const)
      if (after[field] !== undefined && after[field] !== now[field])
        throw new MargayError(
          "conflict",
          "That was changed again since, so I left it as it is. The history of the settings has every state.",
        );
    stores.settings.change(before);
    return { output: { restored: Object.keys(before) }, summary: `Put ${Object.keys(before).join(", ")} back` };
  },
};
