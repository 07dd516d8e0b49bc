/** What an archive may come to. The isolate has 128 MB: no more than one conversation or one file of it is in memory at once, beside the archive as it was uploaded. */
export const IMPORT_LIMITS = {
  /** Bytes of the uploaded archive (the most that an upload takes). */
  archive: 20 * 1024 * 1024,
  /** Bytes that all that is read of it unpacks to. */
  unpacked: 200 * 1024 * 1024,
  /** Bytes of one conversation in an export. */
  conversation: 16 * 1024 * 1024,
  /** Bytes of one text file. */
  file: 4 * 1024 * 1024,
  messages: 50_000,
  /** UTF-16 units of one message; what is longer is cut. */
  message: 100_000,
  memories: 10_000,
  documents: 2_000,
} as const;

export type ImportLimits = { readonly [Name in keyof typeof IMPORT_LIMITS]: number };

export interface FoundMessage {
  role: "user" | "assistant";
  text: string;
  /** UTC milliseconds; null: the export does not say. */
  at: number | null;
  /** The other product's id; unique in its conversation. */
  externalId: string;
}

/** One thing that was found. They come in the same order whenever the same archive is read, which is what an interrupted import goes on by. */
export type Item =
  | { kind: "persona"; text: string; from: string }
  | {
      kind: "memory";
      text: string;
      memory: "profile" | "fact" | "episode";
      /** UTC milliseconds; null: no time in particular. */
      aboutAt: number | null;
      /** The very words that it was made of. */
      quote: string | null;
      from: string;
    }
  | { kind: "conversation"; id: string; title: string; messages: FoundMessage[] }
  | {
      kind: "document";
      path: string;
      mime: string;
      /** Name of the collection that it belongs to. */
      collection: string | null;
      /** Read when asked for, so that passing one by costs nothing. */
      bytes(): Uint8Array;
    }
  | { kind: "skill"; path: string }
  | { kind: "skipped"; path: string; reason: string };

export type FoundMemory = Extract<Item, { kind: "memory" }>;
export type FoundConversation = Extract<Item, { kind: "conversation" }>;
export type FoundDocument = Extract<Item, { kind: "document" }>;

export const skipped = (path: string, reason: string): Item => ({ kind: "skipped", path, reason });
