import { ActionIcon, Button, Loader } from "@mantine/core";
import { nameOf } from "../../workspace/path.ts";
import { Icon } from "../ui/icons.tsx";
import { sizeWords } from "./file-words.ts";
import type { FileUpload } from "./use-uploads.ts";

interface Props {
  items: FileUpload[];
  onRetry: (upload: FileUpload) => void;
  onDismiss: (id: string) => void;
}

/** What is on its way, how far it is, and what could not be taken. */
export function UploadRows({ items, onRetry, onDismiss }: Props) {
  return (
    <ul className="uploads" aria-label="Being uploaded" aria-live="polite">
      {items.map((item) => {
        const name = nameOf(item.path);
        return (
          <li key={item.id} data-state={item.state}>
            <span className="upload-mark">
              {item.state === "sending" ? (
                <Loader size={16} aria-label="Uploading" />
              ) : (
                <Icon name={item.state === "failed" ? "warn" : "clock"} size={18} />
              )}
            </span>
            <div className="upload-text">
              <b>{name}</b>
              {item.error === null ? <Progress item={item} name={name} /> : <span role="alert">{item.error}</span>}
            </div>
            {item.state === "failed" && (
              <Button size="xs" variant="default" onClick={() => onRetry(item)}>
                Try again
              </Button>
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={`${item.state === "failed" ? "Dismiss" : "Stop"} ${name}`}
              onClick={() => onDismiss(item.id)}
            >
              <Icon name="close" size={16} />
            </ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}

function Progress({ item, name }: { item: FileUpload; name: string }) {
  if (item.state === "waiting") return <span>Waits</span>;
  const percent = Math.round(item.share * 100);
  return (
    <div className="upload-progress">
      <div
        className="meter"
        role="progressbar"
        aria-label={`Upload of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i style={{ width: `${percent}%` }} />
      </div>
      {/* Not read out at every step: the bar has it. */}
      <span aria-hidden="true">
        {percent}% of {sizeWords(item.file.size)}
      </span>
    </div>
  );
}
