import { ActionIcon, Tooltip } from "@mantine/core";
import { memo } from "react";
import type { MessageView } from "../../channels/events.ts";
import { ContextButton } from "../context/context-button.tsx";
import { clock, fullTime } from "../lib/time.ts";
import { PlanCard } from "../plans/plan-card.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { ChannelLabel } from "./channel-label.tsx";
import { ErrorNote } from "./error-note.tsx";
import { ReplyText } from "./reply-text.tsx";
import { ToolCalls } from "./tool-calls.tsx";
import { UsageDetails } from "./usage-details.tsx";

interface Props {
  message: MessageView;
  /** Null where another answer cannot be asked for: only the last one can. */
  onAgain: ((id: string) => void) | null;
  /** What it tells of; empty where it answers what somebody said. */
  told: string;
}

/** A stored answer. */
export const AssistantMessage = memo(function AssistantMessage({ message, onAgain, told }: Props) {
  return (
    <article className="reply" aria-label={`Margay, ${clock(message.created_at)}`} id={`message-${message.id}`} tabIndex={-1}>
      <ToolCalls calls={message.tool_calls} turnId={message.turn_id} />
      {message.text !== "" && <ReplyText text={message.text} told={told} />}
      {message.plan_id !== null && <PlanCard id={message.plan_id} />}
      {message.status === "cancelled" && <p className="aside">Stopped.</p>}
      {message.error && (
        <ErrorNote code={message.error.code} message={message.error.message} onAgain={onAgain ? () => onAgain(message.id) : null} />
      )}
      <div className="meta">
        <ChannelLabel channel={message.channel} />
        <span className="actions">
          {message.text !== "" && <CopyButton text={message.text} label="Copy answer" />}
          {onAgain && (
            <Tooltip label="Answer again" openDelay={400}>
              <ActionIcon variant="subtle" color="gray" size={32} aria-label="Answer again" onClick={() => onAgain(message.id)}>
                <Icon name="again" size={17} />
              </ActionIcon>
            </Tooltip>
          )}
          {message.turn_id !== null && <ContextButton message={message} />}
          <UsageDetails message={message} />
        </span>
        <time dateTime={new Date(message.created_at).toISOString()} title={fullTime(message.created_at)}>
          {clock(message.created_at)}
        </time>
      </div>
    </article>
  );
});
