import { memo } from "react";
import type { MessageView } from "../../channels/events.ts";
import { clock } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";

/** What Margay tells its agent, such as how something ended that was asked: folded, because the person has seen it happen, and it is in words for the agent. */
export const NoticeMessage = memo(function NoticeMessage({ message }: { message: MessageView }) {
  return (
    <article
      className="notice"
      aria-label={`Margay told its agent, ${clock(message.created_at)}`}
      id={`message-${message.id}`}
      tabIndex={-1}
    >
      <details>
        <summary>
          <Icon name="info" size={15} /> Margay told its agent how that ended
        </summary>
        <div className="plain">{message.text}</div>
      </details>
    </article>
  );
});
