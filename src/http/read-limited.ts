import { joinBytes } from "../join-bytes.ts";

/** Reads a stream whole, at most `limit` bytes of it. Null: there are more; the rest is cancelled and not read. What breaks the stream is thrown. */
export async function readLimited(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return joinBytes(chunks);
}
