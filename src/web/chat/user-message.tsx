import { ActionIcon, Tooltip } from "@mantine/core";
import { memo, useState } from "react";
import type { MessageView } from "../../channels/events.ts";
import { clock, fullTime } from "../lib/time.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { AttachmentList, filesIn, QuotedContent } from "./attachment-list.tsx";
import { ChannelLabel } from "./channel-label.tsx";
import { ErrorNote } from "./error-note.tsx";
import { EditBox } from "./edit-box.tsx";

interface Props {
  message: MessageView;
  /** It waits for the turn that runs now. */
  queued: boolean;
  onEdit: (id: string, text: string) => void;
  /** Asks for another answer to a message that failed. */
  onAgain: (id: string) => void;
}

/** Something the user said, here or on another channel. */
export const UserMessage = memo(function UserMessage({ message, queued, onEdit, onAgain }: Props) {
  const [editing, setEditing] = useState(false);
  if (editing) {
    return (
      <EditBox
        text={message.text}
        onCancel={() => setEditing(false)}
        onSend={(text) => {
          setEditing(false);
          onEdit(message.id, text);
        }}
      />
    );
  }
  return (
    <article className="said" aria-label={`You, ${clock(message.created_at)}`} id={`message-${message.id}`} tabIndex={-1}>
      <div className="bubble" data-queued={queued || undefined}>
        <QuotedContent content={message.content} />
        <AttachmentList files={filesIn(message.content)} />
        {message.text !== "" && <div className="plain">{message.text}</div>}
      </div>
      <div className="meta">
        <ChannelLabel channel={message.channel} />
        {queued && <span className="channel">Queued</span>}
        {message.status === "cancelled" && <span className="channel">Not answered</span>}
        <span className="actions">
          <CopyButton text={message.text} label="Copy message" />
          <Tooltip label="Edit and send again" openDelay={400}>
            <ActionIcon variant="subtle" color="gray" size={32} aria-label="Edit and send again" data-edit onClick={() => setEditing(true)}>
              <Icon name="edit" size={17} />
            </ActionIcon>
          </Tooltip>
        </span>
        <time dateTime={new Date(message.created_at).toISOString()} title={fullTime(message.created_at)}>
          {clock(message.created_at)}
        </time>
      </div>
      {message.error && <ErrorNote code={message.error.code} message={message.error.message} onAgain={() => onAgain(message.id)} />}
    </article>
  );
});
