/** What the agent may propose to change of how it works. What is left out stays. */
export interface ProposedSettings {
  persona?: string | undefined;
  tier?: "fast" | "smart" | undefined;
  /** IANA name; null: the one that was learned. */
  timeZone?: string | null | undefined;
}

/** The configuration, as tools reach it. */
export interface SettingsPort {
  /** Changes it in the agent's name, as a version. Gives what the changed settings were before. Throws `invalid_request` for an unknown time zone. */
  change(settings: ProposedSettings): ProposedSettings;
  /** What the user has set now. */
  now(): Required<{ [Field in keyof ProposedSettings]: NonNullable<ProposedSettings[Field]> | null }>;
}
