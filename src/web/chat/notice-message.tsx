import { memo } from "react";
import type { MessageView } from "../../channels/events.ts";
import { clock } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";
import { noticeTitle } from "./notice-title.ts";

/** What Margay tells its agent, such as how something ended that was asked: folded, because the person has seen it happen. */
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
          <Icon name="info" size={15} /> {noticeTitle(message.text)}
        </summary>
        <div className="plain">{message.text}</div>
      </details>
    </article>
  );
});
