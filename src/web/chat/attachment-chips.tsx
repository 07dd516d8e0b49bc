import { Loader } from "@mantine/core";
import { bytes } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import type { Attachment } from "./use-attachments.ts";

interface Props {
  items: Attachment[];
  onRemove: (id: string) => void;
  onRetry: (item: Attachment) => void;
}

/** Files chosen for the next message, with how far each is. */
export function AttachmentChips({ items, onRemove, onRetry }: Props) {
  if (items.length === 0) return null;
  return (
    <ul className="files" aria-label="Files for this message">
      {items.map((item) => (
        <li key={item.id} className="file" data-tone={item.error === null ? undefined : "error"}>
          {item.ref === null && item.error === null ? (
            <Loader size={14} aria-label="Uploading" />
          ) : (
            <Icon name={item.error === null ? "file" : "warn"} size={16} />
          )}
          <span className="file-name">{item.file.name}</span>
          {item.error === null ? (
            <span className="file-size">{bytes(item.file.size)}</span>
          ) : (
            <>
              <span role="alert">{item.error}</span>
              <button type="button" onClick={() => onRetry(item)}>
                Try again
              </button>
            </>
          )}
          <button type="button" className="file-remove" aria-label={`Remove ${item.file.name}`} onClick={() => onRemove(item.id)}>
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
