import { DocumentError, type ParseLimits } from "../../parsed.ts";
import { parsePdf } from "../pdf.ts";
import { Work } from "../work.ts";
import type { ReaderLine } from "./reader-line.ts";

/** Blocks of one line. */
const BATCH = 100;

/**
 * The PDF reader as a Worker of its own, which `scripts/build-modules.mjs` builds and `pdf-in-worker.ts` asks: the bytes come as the body, the limits in the address, and the
 * answer is a `ReaderLine` a line. It has no network, no binding and no memory of what it read before.
 */
export default {
  async fetch(request: Request): Promise<Response> {
    const limits = limitsOf(new URL(request.url).searchParams);
    const bytes = await bytesOf(request, limits.bytes);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const stopped = new AbortController();
    // Nobody listens any more.
    writer.closed.catch((reason: unknown) => stopped.abort(reason));
    const encoder = new TextEncoder();
    const say = (line: ReaderLine): Promise<void> => writer.write(encoder.encode(`${JSON.stringify(line)}\n`));
    void read(bytes, new Work(limits, { signal: stopped.signal }), say)
      .then(() => writer.close())
      .catch(() => undefined);
    return new Response(readable);
  },
};

async function read(bytes: Uint8Array, work: Work, say: (line: ReaderLine) => Promise<void>): Promise<void> {
  const progress = (done: number, total: number): void => void say({ done, total }).catch(() => undefined);
  try {
    const { title, pages } = await parsePdf({ bytes, name: "", mime: "", progress, describeImage: null }, work);
    for (let from = 0; from < work.blocks.length; from += BATCH) await say({ blocks: work.blocks.slice(from, from + BATCH) });
    await say({ title, pages });
  } catch (error) {
    const refused = error instanceof DocumentError ? error : new DocumentError("damaged", "The file is damaged: it cannot be read.");
    await say({ code: refused.code, message: refused.message });
  }
}

/** The body, without a second copy of it. */
async function bytesOf({ body }: Request, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes.set(part.value, at);
    at += part.value.length;
  }
  return bytes;
}

function limitsOf(query: URLSearchParams): ParseLimits {
  const number = (name: string): number => Number(query.get(name) ?? 0);
  return {
    bytes: number("bytes"),
    pages: number("pages"),
    chars: number("chars"),
    ms: number("ms"),
    unpackedBytes: number("unpackedBytes"),
  };
}
