import { DocumentError, ReaderAway } from "../parsed.ts";
import type { ParseDriver } from "./driver.ts";
import { ReaderLine } from "./pdf/reader-line.ts";
import { timedOut, tooLong, type Work } from "./work.ts";

/** The PDF reader that runs as a Worker of its own (`pdf/reader-module.ts`); null: there is none here. Throws where it cannot be had now. */
export type PdfReader = () => Promise<Pick<Fetcher, "fetch"> | null>;

/**
 * Reads PDFs in a Worker of their own, with `parsePdf` inside: its library is not part of every start, what a PDF makes it do it does with its own memory and CPU time, and there is nothing
 * around it that it could reach. What it says is parsed and counted like anything from outside.
 */
export const pdfInWorker =
  (reader: PdfReader): ParseDriver =>
  async ({ bytes, progress }, work) => {
    const lines = await open(reader, bytes, work);
    let end: Extract<ReaderLine, { pages: number }> | null = null;
    for await (const line of lines) {
      if ("code" in line) throw new DocumentError(line.code, line.message);
      if ("done" in line) progress(line.done, line.total);
      else if ("pages" in line) end = line;
      else for (const { kind, text, page, level } of line.blocks) work.add(kind, text, level === undefined ? { page } : { page, level });
    }
    if (end === null) throw new ReaderAway(AWAY);
    return end;
  };

/** Bytes. */
const PART = 256 * 1024;
const AWAY = "What reads PDFs cannot be reached now. Try again in a minute.";

async function open(reader: PdfReader, bytes: Uint8Array, work: Work): Promise<AsyncGenerator<ReaderLine, void>> {
  let found: Awaited<ReturnType<PdfReader>>;
  try {
    found = await work.within(reader());
  } catch (error) {
    throw reason(error, work);
  }
  if (found === null) throw new DocumentError("unsupported", "PDFs cannot be read here: this Margay was put up without its PDF reader.");
  const { pages, chars, unpackedBytes } = work.limits;
  const query = new URLSearchParams({
    bytes: `${bytes.length}`,
    pages: `${pages}`,
    chars: `${chars}`,
    unpackedBytes: `${unpackedBytes}`,
    ms: `${work.left()}`,
  });
  return linesOf(found.fetch(`https://reader.invalid/?${query.toString()}`, { method: "POST", body: streamOf(bytes) }), work);
}

/** In parts: a second copy of 50 MB does not fit into an object. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += PART)));
      else controller.close();
    },
  });
}

/** Ends what the reader does when nobody wants its answer any more. */
async function* linesOf(answer: Promise<Response>, work: Work): AsyncGenerator<ReaderLine, void> {
  let body: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    body = (await work.within(answer)).body?.getReader();
    if (body === undefined) throw new ReaderAway(AWAY);
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const part = await work.within(body.read());
      text += part.value === undefined ? decoder.decode() : decoder.decode(part.value, { stream: true });
      for (let to = text.indexOf("\n"); to !== -1; to = text.indexOf("\n")) {
        yield ReaderLine.parse(JSON.parse(text.slice(0, to)));
        text = text.slice(to + 1);
      }
      if (text.length > 2 * work.limits.chars + 10_000) throw tooLong(work.limits);
      if (part.done) return;
      const pause = work.spend(part.value?.length ?? 0);
      if (pause) await pause;
    }
  } catch (error) {
    throw reason(error, work);
  } finally {
    const stop = (stream: { cancel(): Promise<void> } | null | undefined): void => void stream?.cancel().catch(() => undefined);
    if (body) stop(body);
    else void answer.then(({ body: late }) => stop(late)).catch(() => undefined);
  }
}

/** A Worker that does more than it may is ended by the platform, which says so in words only. Whatever else comes is not the file's doing. */
function reason(error: unknown, { limits }: Work): Error {
  if (error instanceof DocumentError || error instanceof ReaderAway) return error;
  const said = error instanceof Error ? error.message : "";
  if (/\bcpu\b/i.test(said)) return timedOut(limits);
  if (/\bmemory\b/i.test(said)) return new DocumentError("too_large", "The PDF takes more memory than there is for reading it.");
  return new ReaderAway(AWAY, { cause: error });
}
