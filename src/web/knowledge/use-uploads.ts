import { useCallback, useRef, useState } from "react";
import { ApiError, sayError } from "../api/api-error.ts";
import { uploadFile } from "../api/files.ts";
import { type DocumentInput, type DocumentsAdded, useDocumentActions } from "../api/knowledge.ts";
import { bytes } from "../lib/format.ts";

/** A file or an address on its way into knowledge. */
export interface Upload {
  id: string;
  name: string;
  /** Null: an address. */
  file: File | null;
  state: "waiting" | "sending" | "failed" | "done";
  error: string | null;
  added: DocumentsAdded | null;
}

interface Entry {
  upload: Upload;
  input: DocumentInput;
}

/** Where what is added goes, and what it takes the place of. */
export type Target = Pick<DocumentInput, "collection_id" | "replaces">;

/** How many go up at a time. */
const TOGETHER = 2;

const made = (name: string, file: File | null): Upload => ({
  id: crypto.randomUUID(),
  name,
  file,
  state: "waiting",
  error: null,
  added: null,
});

/** A sentence about a failed upload that says what to do. */
function sayFailure(error: unknown, file: File | null): string {
  if (error instanceof ApiError && error.code === "payload_too_large" && file !== null)
    return `It has ${bytes(file.size)}, which is too large. Split it or save it smaller, and add it again.`;
  return sayError(error);
}

/** What is being added: a few at a time, each with what came of it. What went well and needs no word goes away by itself. */
export function useUploads() {
  const [items, setItems] = useState<Upload[]>([]);
  const queue = useRef<Entry[]>([]);
  /** What was asked for, so that it can be asked for again. */
  const inputs = useRef(new Map<string, DocumentInput>());
  const running = useRef(0);
  const { add } = useDocumentActions();
  const addDocument = add.mutateAsync;

  const change = useCallback((id: string, fields: Partial<Upload>) => {
    setItems((known) => known.map((item) => (item.id === id ? { ...item, ...fields } : item)));
  }, []);

  const bring = useCallback(
    async ({ upload: { id, file }, input }: Entry) => {
      change(id, { state: "sending", error: null });
      try {
        const kept = file === null ? null : await uploadFile(file, new AbortController().signal);
        const added = await addDocument(kept === null ? input : { ...input, key: kept.key, name: kept.name, mime: kept.mime });
        // The row in the list of documents says the rest.
        if (added.known.length === 0 && added.skipped.length === 0 && added.documents.length > 0)
          setItems((known) => known.filter((item) => item.id !== id));
        else change(id, { state: "done", added });
      } catch (error) {
        change(id, { state: "failed", error: sayFailure(error, file) });
      }
    },
    [addDocument, change],
  );

  /** Brings one after the other until nothing waits; a few of these run side by side. */
  const work = useCallback(async () => {
    if (running.current >= TOGETHER) return;
    running.current += 1;
    for (let next = queue.current.shift(); next !== undefined; next = queue.current.shift()) {
      // eslint-disable-next-line no-await-in-loop
      await bring(next);
    }
    running.current -= 1;
  }, [bring]);

  const enter = useCallback(
    (entries: Entry[]) => {
      for (const { upload, input } of entries) inputs.current.set(upload.id, input);
      queue.current.push(...entries);
      const ids = new Set(entries.map(({ upload }) => upload.id));
      setItems((known) => [...known.filter(({ id }) => !ids.has(id)), ...entries.map(({ upload }) => upload)]);
      for (let lane = 0; lane < TOGETHER; lane += 1) void work();
    },
    [work],
  );

  const addFiles = (files: Iterable<File>, target: Target) =>
    enter([...files].map((file) => ({ upload: made(file.name, file), input: { ...target } })));
  const addAddress = (url: string, target: Target) => enter([{ upload: made(url, null), input: { ...target, url } }]);
  const retry = (upload: Upload) => {
    const input = inputs.current.get(upload.id);
    if (input) enter([{ upload: { ...upload, state: "waiting", error: null }, input }]);
  };
  const dismiss = (id: string) => {
    inputs.current.delete(id);
    setItems((known) => known.filter((item) => item.id !== id));
  };
  return { items, addFiles, addAddress, retry, dismiss };
}
