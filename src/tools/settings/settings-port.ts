/** What the agent may propose to change of how it works. What is left out stays. */
export interface ProposedSettings {
  persona?: string | undefined;
  tier?: "fast" | "smart" | undefined;
  /** IANA name. */
  timeZone?: string | undefined;
}

/** The configuration, as tools reach it. */
export interface SettingsPort {
  /** Changes it in the agent's name, as a version. Gives what the changed settings were before. Throws `invalid_request` for an unknown time zone. */
  change(settings: ProposedSettings): ProposedSettings;
}
