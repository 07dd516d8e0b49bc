import type { ReactNode } from "react";
import { ActionIcon, Button, Loader } from "@mantine/core";
import { MAX_FILE_BYTES } from "../../workspace/shapes.ts";
import { nameOf } from "../../workspace/path.ts";
import { counted } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { sizeWords } from "./file-words.ts";
import type { FileUpload } from "./use-uploads.ts";

interface Props {
  items: FileUpload[];
  onRetry: (uploads: FileUpload[]) => void;
  onDismiss: (uploads: FileUpload[]) => void;
}

/** How many that wait, and that could not be taken, have a row of their own. */
const FEW = 2;

/** What is on its way, how far it is, and what could not be taken. Of many, a few and how many more: a folder has hundreds. */
export function UploadRows({ items, onRetry, onDismiss }: Props) {
  const waiting = items.filter(({ state }) => state === "waiting");
  const failed = items.filter(({ state }) => state === "failed");
  const rest = (all: FileUpload[]): FileUpload[] => (all.length > FEW + 1 ? all.slice(FEW) : []);
  const left = { waiting: rest(waiting), failed: rest(failed) };
  const hidden = new Set([...left.waiting, ...left.failed]);
  return (
    <ul className="uploads" aria-label="Being uploaded" aria-live="polite">
      {items
        .filter((item) => !hidden.has(item))
        .map((item) => (
          <UploadRow key={item.id} item={item} onRetry={onRetry} onDismiss={onDismiss} />
        ))}
      {left.failed.length > 0 && (
        <RestRow
          state="failed"
          icon="warn"
          text={counted(left.failed.length, "more file was not uploaded", "more files were not uploaded")}
        >
          <Button size="xs" variant="default" onClick={() => onRetry(failed)}>
            Try all again
          </Button>
          <Button size="xs" variant="default" onClick={() => onDismiss(failed)}>
            Dismiss all
          </Button>
        </RestRow>
      )}
      {left.waiting.length > 0 && (
        <RestRow state="waiting" icon="clock" text={counted(left.waiting.length, "more waits", "more wait")}>
          <Button size="xs" variant="default" onClick={() => onDismiss([...waiting, ...items.filter(({ state }) => state === "sending")])}>
            Stop all
          </Button>
        </RestRow>
      )}
    </ul>
  );
}

/** Stands for more of one kind than are shown. */
function RestRow({
  state,
  icon,
  text,
  children,
}: {
  state: "failed" | "waiting";
  icon: "warn" | "clock";
  text: string;
  children: ReactNode;
}) {
  return (
    <li data-state={state}>
      <span className="upload-mark">
        <Icon name={icon} size={18} />
      </span>
      <div className="upload-text">
        <b>{text}</b>
      </div>
      {children}
    </li>
  );
}

function UploadRow({ item, onRetry, onDismiss }: Omit<Props, "items"> & { item: FileUpload }) {
  const name = nameOf(item.path);
  return (
    <li data-state={item.state}>
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
      {/* What is too large stays so. */}
      {item.state === "failed" && item.file.size <= MAX_FILE_BYTES && (
        <Button size="xs" variant="default" onClick={() => onRetry([item])}>
          Try again
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={`${item.state === "failed" ? "Dismiss" : "Stop"} ${name}`}
        onClick={() => onDismiss([item])}
      >
        <Icon name="close" size={16} />
      </ActionIcon>
    </li>
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
