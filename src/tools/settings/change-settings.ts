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

const Receipt = z.object({ persona: z.string(), tier: z.enum(["fast", "smart"]), timeZone: z.string() }).partial();

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
  describe: (input) =>
    `Change ${Object.entries(input)
      .map(([field, value]) => `${field} to “${value}”`)
      .join(", ")}`,
  async execute({ persona, tier, time_zone: timeZone }, { stores }) {
    const wanted = { persona, tier, timeZone };
    const fields = Object.entries(wanted).flatMap(([field, value]) => (value === undefined ? [] : [field]));
    if (fields.length === 0) throw new MargayError("invalid_request", "Say what to change.");
    const receipt = stores.settings.change(wanted);
    return { output: { changed: fields }, summary: `Changed ${fields.join(", ")}`, receipt };
  },
  async undo(receipt, { stores }) {
    const parsed = Receipt.safeParse(receipt);
    if (!parsed.success) throw new MargayError("invalid_request", "That cannot be taken back.");
    stores.settings.change(parsed.data);
    return { output: { restored: Object.keys(parsed.data) }, summary: `Put ${Object.keys(parsed.data).join(", ")} back` };
  },
};
