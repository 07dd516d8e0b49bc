import type { Work } from "./work.ts";

/** The file as its driver sees it. */
export interface SourceFile {
  bytes: Uint8Array;
  /** As it was called; only its ending means something. */
  name: string;
  /** In lower case, without parameters; "" where nobody said. */
  mime: string;
  /** Says how much is done, where that is known. */
  progress(done: number, total: number): void;
  /** Says what a picture shows; null: there is no model that can. */
  describeImage: ((bytes: Uint8Array, mime: string) => Promise<string>) | null;
}

/** Reads one format: adds its blocks to the work, gives back the rest. Throws `DocumentError` for what cannot be read. */
export type ParseDriver = (file: SourceFile, work: Work) => Promise<{ title: string | null; pages: number }>;
