import { useQuery } from "@tanstack/react-query";
import type { FileView } from "../../workspace/shapes.ts";
import { refusal, send, withQuery } from "./client.ts";

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

/** Reads text until there is enough to show; the rest is not fetched. */
export async function startOf(body: ReadableStream<Uint8Array> | null): Promise<FileText> {
  if (body === null) return { text: "", cut: false };
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = body.getReader();
  let text = "";
  let left = SHOWN_BYTES;
  try {
    for (;;) {
      // Each part follows the one before it.
      // eslint-disable-next-line no-await-in-loop
      const { done, value = new Uint8Array() } = await reader.read();
      const part = decoded(decoder, value.subarray(0, left), !done);
      if (part === null || part.includes("\0")) return { text: null, cut: false };
      text += part;
      if (done) return { text, cut: false };
      left -= value.byteLength;
      if (left < 0) return { text, cut: true };
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Null: these bytes are no text. */
function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string | null {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    return null;
  }
}
