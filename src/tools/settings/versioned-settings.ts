import type { Configuration } from "../../agent/configuration.ts";
import type { SettingStore } from "../../db/object/settings.ts";
import { isTimeZone } from "../../dates/zone.ts";
import { MargayError } from "../../errors.ts";
import type { ProposedSettings, SettingsPort } from "./settings-port.ts";

/** The configuration for tools: what they change was proposed by the agent, and approved. */
export const settingsPort = (configuration: Configuration, settings: SettingStore): SettingsPort => ({
  change({ persona, tier, timeZone }) {
    if (timeZone !== undefined && timeZone !== null && !isTimeZone(timeZone))
      throw new MargayError("invalid_request", `"${timeZone}" is not an IANA time zone, such as Europe/Oslo.`);
    const now = settings.chosen();
    const before: ProposedSettings = {
      ...(persona === undefined ? {} : { persona: now.persona }),
      ...(tier === undefined ? {} : { tier: now.tier }),
      ...(timeZone === undefined ? {} : { timeZone: now.timeZone }),
    };
    const patch = {
      ...(persona === undefined ? {} : { persona }),
      ...(tier === undefined ? {} : { tier }),
      ...(timeZone === undefined ? {} : { timeZone }),
    };
    configuration.update(patch, { author: "agent", channel: null });
    return before;
  },
  now() {
    const { persona, tier, timeZone } = settings.chosen();
    return { persona, tier, timeZone };
  },
});
