import { readFile, stat } from "node:fs/promises";
import { chunkDocument } from "../../../src/knowledge/chunk.ts";
import { DocumentError, PARSE_LIMITS } from "../../../src/knowledge/parsed.ts";
import { parseDocument } from "../../../src/knowledge/parse/parse-document.ts";
import { parsePdf } from "../../../src/knowledge/parse/pdf.ts";
import { archiveMembers } from "../../../src/knowledge/archive-members.ts";
import { mayBeArchive, mimeOf } from "../../../src/knowledge/file-kinds.ts";
import { isZipArchive } from "../../../src/knowledge/unzip.ts";
import type { IngestResult } from "./message.ts";

type Give = (result: IngestResult) => Promise<void>;

/** Takes one file in as the product does and gives a result for it, of an archive one for each file in it as well. Never throws for what a file holds. */
export async function ingestFile(path: string, name: string, give: Give): Promise<void> {
  const started = performance.now();
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > PARSE_LIMITS.bytes) throw new DocumentError("too_large", "The file is larger than can be taken in.");
    bytes = new Uint8Array(await readFile(path));
  } catch (error) {
    await give({ file: name, ok: false, ms: since(started), error: reason(error) });
    return;
  }
  if (mayBeArchive({ name, mime: mimeOf(name) }) && isZipArchive(bytes)) await ingestArchive(bytes, name, give);
  else await give(await ingestBytes(bytes, name));
}

async function ingestArchive(bytes: Uint8Array, name: string, give: Give): Promise<void> {
  const started = performance.now();
  const counts = { files: 0, skipped: 0 };
  try {
    for await (const one of archiveMembers(bytes)) {
      counts.files++;
      const file = `${name}/${one.path}`;
      if ("bytes" in one) await give(await ingestBytes(one.bytes, file));
      else {
        counts.skipped++;
        await give({ file, ok: false, ms: 0, error: { code: "skipped", message: one.reason } });
      }
    }
    await give({ file: name, ok: true, type: "zip", ...counts, ms: since(started) });
  } catch (error) {
    await give({ file: name, ok: false, type: "zip", ...counts, ms: since(started), error: reason(error) });
  }
}

async function ingestBytes(bytes: Uint8Array, file: string): Promise<IngestResult> {
  const started = performance.now();
  const memory = watchMemory();
  try {
    const parsed = await parseDocument(bytes, { name: file, mime: mimeOf(file) }, PARSE_LIMITS, { pdf: parsePdf });
    const chunks = chunkDocument(parsed);
    const chars = parsed.blocks.reduce((sum, { text }) => sum + text.length, 0);
    const { type, pages } = parsed;
    return { file, ok: true, type, pages, chars, chunks: chunks.length, ms: since(started), peak_bytes: memory.peak() };
  } catch (error) {
    return { file, ok: false, ms: since(started), peak_bytes: memory.peak(), error: reason(error) };
  } finally {
    memory.stop();
  }
}

const since = (started: number): number => Math.round(performance.now() - started);

/** `bug` is what must not be there: something else than a refusal came out of the product's code. */
const reason = (error: unknown): { code: string; message: string } =>
  error instanceof DocumentError
    ? { code: error.code, message: error.message }
    : { code: error instanceof Error && "syscall" in error ? "unreadable" : "bug", message: String(error) };

/** Sampled whenever the parser lets others have their turn. */
function watchMemory(): { peak(): number; stop(): void } {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = before;
  const sample = (): void => void (most = Math.max(most, used()));
  const timer = setInterval(sample, 5);
  return {
    peak() {
      sample();
      return most - before;
    },
    stop: () => clearInterval(timer),
  };
}
