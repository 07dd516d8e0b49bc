import { memo } from "react";
import type { MessageView } from "../../channels/events.ts";
import { clock } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";

/** What Margay tells its agent, such as how something ended that was asked: folded, because the person has seen it happen. */
export const NoticeMessage = memo(function NoticeMessage({ message }: { message: MessageView }) {
  // What began by itself says in its first line what it is; what an answer of the user's led to is told in words for the agent only.
  const title = message.channel === "agent" ? message.text.split("\n", 1)[0] : "Margay told its agent how that ended";
  return (
    <article
      className="notice"
      aria-label={`Margay told its agent, ${clock(message.created_at)}`}
      id={`message-${message.id}`}
      tabIndex={-1}
    >
      <details>
        <summary>
          <Icon name="info" size={15} /> {title}
        </summary>
        <div className="plain">{message.text}</div>
      </details>
    </article>
  );
});
