const NAMES: Readonly<Record<string, string>> = {
  web: "Web",
  http: "API",
  openai: "OpenAI API",
  command: "Command",
  webhook: "Webhook",
  telegram: "Telegram",
  email: "Mail",
  cli: "Command line",
  agent: "By itself",
};

/** Channels as filters offer them. */
export const CHANNELS = Object.keys(NAMES);

/** A channel as a person calls it. */
export const channelName = (channel: string): string => NAMES[channel] ?? channel;
