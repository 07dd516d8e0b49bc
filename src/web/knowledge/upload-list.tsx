import { ActionIcon, Button, Loader } from "@mantine/core";
import { Link } from "wouter";
import { Icon } from "../ui/icons.tsx";
import { addedWords } from "./document-words.ts";
import type { Upload } from "./use-uploads.ts";

interface Props {
  items: Upload[];
  onRetry: (upload: Upload) => void;
  onDismiss: (id: string) => void;
}

/** What is on its way, and what came of it where that needs a word. */
export function UploadList({ items, onRetry, onDismiss }: Props) {
  return (
    <ul className="uploads" aria-label="Being added" aria-live="polite">
      {items.map((item) => (
        <li key={item.id} data-state={item.state}>
          <span className="upload-mark">
            {item.state === "sending" ? (
              <Loader size={16} aria-label="Adding" />
            ) : (
              <Icon name={item.state === "failed" ? "warn" : item.state === "done" ? "info" : "clock"} size={18} />
            )}
          </span>
          <div className="upload-text">
            <b>{item.name}</b>
            <Outcome item={item} />
          </div>
          {item.state === "failed" && (
            <Button size="xs" variant="default" onClick={() => onRetry(item)}>
              Try again
            </Button>
          )}
          {(item.state === "failed" || item.state === "done") && (
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Dismiss ${item.name}`} onClick={() => onDismiss(item.id)}>
              <Icon name="close" size={16} />
            </ActionIcon>
          )}
        </li>
      ))}
    </ul>
  );
}

function Outcome({ item }: { item: Upload }) {
  if (item.error !== null) return <span role="alert">{item.error}</span>;
  if (item.added === null) return <span>{item.state === "waiting" ? "Waits" : item.file === null ? "Fetching" : "Uploading"}</span>;
  const { known, skipped } = item.added;
  return (
    <>
      <span>{addedWords(item.added)}</span>
      {known.map((document) => (
        <span key={document.id}>
          Same as <Link href={`/knowledge/${document.id}`}>{document.name}</Link>
        </span>
      ))}
      {skipped.length > 0 && (
        <details>
          <summary>What was left out</summary>
          <ul className="skipped">
            {skipped.map(({ path, reason }) => (
              <li key={path}>
                <span>{path}</span> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
