import type { Block, Chunk, ParsedDocument } from "./parsed.ts";
import { splitCode, splitTable, splitText } from "./split-block.ts";

export interface ChunkOptions {
  /** Characters that a chunk is filled up to. */
  target?: number;
  /** Characters that it never passes. At least 500. */
  max?: number;
  /** Characters that two chunks of one paragraph may have in common. */
  overlap?: number;
}

export const CHUNK_DEFAULTS: Required<ChunkOptions> = { target: 1_200, max: 2_000, overlap: 150 };

/** A longer heading is a paragraph that somebody made large; its beginning still says where the text stands. */
const MAX_HEADING = 200;
/** What is this short is not left alone in front of a large block. */
const SHORT = 200;

/**
 * Cuts a document into pieces to find and cite. Headings begin a chunk, and are part of its text and its path; paragraphs and list items share one up to the target. Code,
 * tables and items stay whole up to the maximum; larger ones are cut between lines or rows, each piece with its fence or header, and long paragraphs between sentences with
 * a little overlap. The same document always gives the same chunks, and nothing of its text is missing in them.
 */
export function chunkDocument(parsed: Pick<ParsedDocument, "blocks">, options: ChunkOptions = {}): Chunk[] {
  const packer = new Packer({ ...CHUNK_DEFAULTS, ...options });
  for (const block of parsed.blocks) packer.add(block);
  return packer.end();
}

interface Open {
  path: string[];
  page: number;
  text: string;
  /** Whether there is more in it than headings. */
  body: boolean;
  last: Block["kind"];
}

class Packer {
  readonly #options: Required<ChunkOptions>;
  readonly #chunks: Chunk[] = [];
  #headings: { level: number; text: string }[] = [];
  #open: Open | null = null;

  constructor(options: Required<ChunkOptions>) {
    this.#options = options;
  }

  add(block: Block): void {
    if (block.text.trim() === "") return;
    if (block.kind === "heading") this.#heading(block);
    else this.#body(block);
  }

  end(): Chunk[] {
    this.#close();
    return this.#chunks;
  }

  #heading(block: Block): void {
    const level = Math.min(6, Math.max(1, block.level ?? 1));
    const line = `${"#".repeat(level)} ${block.text.replaceAll(/\s+/g, " ").trim()}`;
    if (this.#open?.body) this.#close();
    this.#headings = this.#headings.filter((one) => one.level < level);
    this.#headings.push({ level, text: short(line.slice(level + 1), MAX_HEADING) });
    if (this.#sum(line, "heading") > this.#options.target) this.#close();
    if (line.length > this.#options.target) {
      this.#pieces({ ...block, kind: "paragraph", text: line });
      return;
    }
    this.#append("heading", line, block.page);
    // Headings that have nothing below them wait for the text below the next.
    if (this.#open !== null) this.#open.path = this.#path();
  }

  #body(block: Block): void {
    const { target, max } = this.#options;
    const whole = this.#sum(block.text, block.kind);
    const parted = block.kind === "paragraph" ? block.text.length > target : block.text.length > max;
    const alone = this.#open === null || !this.#open.body || this.#open.text.length < SHORT;
    if (!parted && (whole <= target || (alone && whole <= max))) {
      this.#append(block.kind, block.text, block.page);
      return;
    }
    if (!alone || this.#sum("", block.kind) > max / 2) this.#close();
    if (parted) this.#pieces(block);
    else {
      if (this.#sum(block.text, block.kind) > max) this.#close();
      this.#append(block.kind, block.text, block.page);
    }
  }

  /** A block that does not fit: its first piece goes behind what is open, its last stays open. */
  #pieces({ kind, text, page }: Block): void {
    const { target, max, overlap } = this.#options;
    const before = this.#sum("", kind);
    const room = { first: target - Math.min(before, target / 2), target, max: max - before, overlap: kind === "paragraph" ? overlap : 0 };
    const pieces = kind === "table" ? splitTable(text, room) : kind === "code" ? splitCode(text, room) : splitText(text, room);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.#close();
      this.#append(kind, piece, page);
    }
  }

  /** Characters of the open chunk with this behind it. */
  #sum(text: string, kind: Block["kind"]): number {
    return this.#open === null ? text.length : this.#open.text.length + between(this.#open.last, kind).length + text.length;
  }

  #append(kind: Block["kind"], text: string, page: number): void {
    const body = kind !== "heading";
    if (this.#open === null) {
      this.#open = { path: this.#path(), page, text, body, last: kind };
      return;
    }
    this.#open.text += between(this.#open.last, kind) + text;
    this.#open.body ||= body;
    this.#open.last = kind;
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    const { path, page, text } = open;
    this.#chunks.push({ position: this.#chunks.length, headingPath: path, page, text });
  }

  #path(): string[] {
    return this.#headings.map(({ text }) => text);
  }
}

export const between = (before: Block["kind"], after: Block["kind"]): string =>
  before === "list-item" && after === "list-item" ? "\n" : "\n\n";

function short(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, "")}…`;
}
