import { useCallback, useRef, useState } from "react";
import type { FileRef } from "../../channels/message.ts";
import { sayError } from "../api/api-error.ts";
import { uploadFile } from "../api/files.ts";

/** A file chosen for the next message. */
export interface Attachment {
  id: string;
  file: File;
  ref: FileRef | null;
  error: string | null;
}

/** As many as one message may carry. */
export const MAX_FILES = 10;

/** Files for the next message: uploaded as soon as they are chosen. */
export function useAttachments() {
  const [items, setItems] = useState<Attachment[]>([]);
  const uploads = useRef(new Map<string, AbortController>());

  const change = useCallback((id: string, fields: Partial<Attachment>) => {
    setItems((known) => known.map((item) => (item.id === id ? { ...item, ...fields } : item)));
  }, []);

  const send = useCallback(
    (item: Attachment) => {
      const controller = new AbortController();
      uploads.current.set(item.id, controller);
      change(item.id, { error: null });
      uploadFile(item.file, controller.signal)
        .then((ref) => change(item.id, { ref }))
        .catch((error: unknown) => {
          if (!controller.signal.aborted) change(item.id, { error: sayError(error) });
        })
        .finally(() => uploads.current.delete(item.id));
    },
    [change],
  );

  const add = useCallback(
    (files: Iterable<File>) => {
      const room = MAX_FILES - items.length;
      const added = [...files].slice(0, room).map((file) => ({ id: crypto.randomUUID(), file, ref: null, error: null }));
      setItems((known) => [...known, ...added]);
      for (const item of added) send(item);
    },
    [items.length, send],
  );

  const remove = useCallback((id: string) => {
    uploads.current.get(id)?.abort();
    setItems((known) => known.filter((item) => item.id !== id));
  }, []);

  const clear = useCallback(() => setItems([]), []);

  const uploading = items.some((item) => item.ref === null && item.error === null);
  const failed = items.some((item) => item.error !== null);
  return { items, uploading, failed, add, remove, retry: send, clear };
}
