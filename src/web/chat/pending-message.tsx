import { Icon } from "../ui/icons.tsx";
import { AttachmentList } from "./attachment-list.tsx";
import { type Connection, filesOf, type Pending } from "./chat-state.ts";

interface Props {
  pending: Pending;
  connection: Connection;
  onRetry: (id: string) => void;
  onDrop: (id: string) => void;
}

/** A message on its way: shown at once, marked until the server has it, with what to do when it was refused. */
export function PendingMessage({ pending, connection, onRetry, onDrop }: Props) {
  const { frame, error } = pending;
  const text = frame.type === "regenerate" ? "Another answer" : frame.text;
  const state = connection === "open" ? "Sending…" : "Waiting for the connection";
  return (
    <article className="said" aria-label={error === null ? "You, on its way" : "You, not sent"}>
      <div className="bubble" data-queued>
        <AttachmentList files={filesOf(pending)} />
        {text !== "" && <div className="plain">{text}</div>}
      </div>
      {error === null ? (
        <div className="meta">
          <span className="channel">{state}</span>
        </div>
      ) : (
        <div className="note" data-tone="error" role="alert">
          <Icon name="warn" size={18} />
          <span>{error}</span>
          <button type="button" onClick={() => onRetry(frame.id)}>
            Try again
          </button>
          <button type="button" onClick={() => onDrop(frame.id)}>
            Discard
          </button>
        </div>
      )}
    </article>
  );
}
