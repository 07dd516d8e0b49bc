import { memo } from "react";
import type { MessageView } from "../../channels/events.ts";
import { clock } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";

/** What Margay tells its agent, such as how something ended that was asked: folded, because the person has seen it happen. */
export const NoticeMessage = memo(function NoticeMessage({ message }: { message: MessageView }) {
  const [first = "", ...more] = message.text.split("\n");
  return (
    <article
      className="notice"
      aria-label={`Margay told its agent, ${clock(message.created_at)}`}
      id={`message-${message.id}`}
      tabIndex={-1}
    >
      {more.length === 0 ? (
        <p>
          <Icon name="info" size={15} /> {first}
        </p>
      ) : (
        <details>
          <summary>
            <Icon name="info" size={15} /> {first}
          </summary>
          <div className="plain">{more.join("\n")}</div>
        </details>
      )}
    </article>
  );
});
