import { useQuery } from "@tanstack/react-query";
import { readableText } from "../../encoding.ts";
import type { FileTextView, FileView } from "../../workspace/shapes.ts";
import { get, refusal, send, withQuery } from "./client.ts";

/** How much of a text is read to be shown, bytes. */
export const SHOWN_BYTES = 256 * 1024;

/** Where the bytes of a file are, as it is or as it was. */
export const contentAddress = (path: string, version?: number): string => withQuery("/api/v1/workspace/content", { path, version });

export interface FileText {
  /** Null: it is no text. */
  text: string | null;
  /** There is more of it than this. */
  cut: boolean;
}

/** What a document says, read on the server. */
export const useDocumentText = ({ id, path }: Pick<FileView, "id" | "path">, version: number) =>
  useQuery({
    queryKey: ["document-text", id, version],
    queryFn: ({ signal }) => get<FileTextView>(withQuery("/api/v1/workspace/text", { path, version }), signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** The beginning of a file as text. What a version holds never changes, so it is read once. */
export const useFileText = ({ id, path }: Pick<FileView, "id" | "path">, version: number) =>
  useQuery({
    queryKey: ["file-text", id, version],
    queryFn: async ({ signal }) => {
      const response = await send(contentAddress(path, version), { signal });
      if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
      return startOf(response.body);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Reads until there is enough to show; the rest is not fetched. */
export async function startOf(body: ReadableStream<Uint8Array> | null): Promise<FileText> {
  const bytes = new Uint8Array(SHOWN_BYTES);
  let length = 0;
  const read = (cut: boolean): FileText => {
    const text = readableText(bytes.subarray(0, length), cut);
    return { text, cut: cut && text !== null };
  };
  if (body === null) return read(false);
  const reader = body.getReader();
  try {
    for (;;) {
      // Each part follows the one before it.
      // eslint-disable-next-line no-await-in-loop
      const { done, value = new Uint8Array() } = await reader.read();
      if (done) return read(false);
      const part = value.subarray(0, SHOWN_BYTES - length);
      bytes.set(part, length);
      length += part.length;
      if (part.length < value.length) return read(true);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
