import type { ChannelId } from "../../channels/message.ts";
import { channelName } from "../lib/channel-name.ts";

/** Where a message came in, when that was not this page. */
export function ChannelLabel({ channel }: { channel: ChannelId }) {
  if (channel === "web") return null;
  return <span className="channel">{channelName(channel)}</span>;
}
