import type { ChannelId } from "../../channels/message.ts";

const NAMES: Record<ChannelId, string> = {
  web: "Web",
  http: "API",
  openai: "OpenAI API",
  command: "Command",
  webhook: "Webhook",
  telegram: "Telegram",
  cli: "Command line",
};

/** Where a message came in, when that was not this page. */
export function ChannelLabel({ channel }: { channel: ChannelId }) {
  if (channel === "web") return null;
  return <span className="channel">{NAMES[channel]}</span>;
}
