import { type ReactNode, useRef, useState } from "react";

interface Props {
  label: string;
  /** Gets the files that were dropped; a folder among them cannot be read. */
  onFiles?: (files: File[]) => void;
  /** Gets all that was dropped instead, folders too. */
  onDrop?: (dropped: DataTransfer) => void;
  children: ReactNode;
}

/** Takes files that are dropped anywhere on it, and shows that it would while they hover. */
export function DropZone({ label, onFiles, onDrop, children }: Props) {
  const [over, setOver] = useState(false);
  // Entering a child leaves its parent: only when all that was entered is left, the files are gone.
  const depth = useRef(0);
  const carriesFiles = (types: readonly string[]) => types.includes("Files");
  return (
    <div
      className="drop-zone"
      data-over={over || undefined}
      data-label={label}
      onDragEnter={(event) => {
        if (!carriesFiles(event.dataTransfer.types)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (carriesFiles(event.dataTransfer.types)) event.preventDefault();
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      }}
      onDrop={(event) => {
        if (!carriesFiles(event.dataTransfer.types)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onDrop?.(event.dataTransfer);
        onFiles?.([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}
