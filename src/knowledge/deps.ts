import type { FileRef } from "../channels/message.ts";
import type { CollectionStore } from "../db/object/collections.ts";
import type { DocumentStore } from "../db/object/documents.ts";
import type { Log } from "../log.ts";
import type { UserRecord } from "../memory/record.ts";
import type { SearchIndex } from "../memory/search.ts";
import type { ParseOptions } from "./parse/parse-document.ts";
import type { Chunk, ParsedDocument } from "./parsed.ts";
import type { DocumentView } from "./shapes.ts";

/** The originals of one user, in R2. */
export interface Originals {
  /** Whether a key is that of an upload of this user. Nothing else may be named. */
  owns(key: string): boolean;
  /** A key that nothing has. */
  newKey(): string;
  head(key: string): Promise<FileRef | null>;
  /** Null: it is not there. */
  read(key: string): Promise<Uint8Array | null>;
  /** SHA-256, hexadecimal, without holding the whole file; null: it is not there. */
  hash(key: string): Promise<string | null>;
  put(file: Omit<FileRef, "size">, bytes: Uint8Array): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** What knowledge works with. The object wires it; tests give their own. */
export interface KnowledgeDeps {
  documents: DocumentStore;
  collections: CollectionStore;
  record: UserRecord;
  /** Brings the record up to date with the rows; false: not now. */
  flush(): Promise<boolean>;
  index: SearchIndex;
  originals: Originals;
  parse(bytes: Uint8Array, file: { name: string; mime: string }, options: ParseOptions): Promise<ParsedDocument>;
  chunk(parsed: ParsedDocument): Chunk[];
  /** Says what a picture shows; null: no model that sees is set up. */
  describeImage(documentId: string): ((bytes: Uint8Array, mime: string) => Promise<string>) | null;
  /** Runs synchronous writes as one. */
  transaction<T>(work: () => T): T;
  /** For the trail, which keeps no names of documents. */
  audit(event: "added" | "deleted", documentId: string, by: "user" | "agent"): void;
  /** Tells connected pages. */
  changed(document: DocumentView): void;
  /** Something new is in the index, whose vectors are missing. */
  indexed(): void;
  /** Wakes the object at an instant, durably. */
  wakeAt(at: number): void;
  log: Log;
  now(): number;
  newId(): string;
}

/** Lets others have their turn. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
