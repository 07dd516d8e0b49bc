/** What came of one file, as it is printed. */
export interface IngestResult {
  file: string;
  ok: boolean;
  type?: string;
  pages?: number;
  chars?: number;
  chunks?: number;
  /** Of an archive: its files, and those of them that were not taken. */
  files?: number;
  skipped?: number;
  /** Milliseconds. */
  ms: number;
  /** The largest heap and buffers together that were seen, above those before. */
  peak_bytes?: number;
  error?: { code: string; message: string };
}

/** From the process that parses; null: that file is done. */
export type IngestMessage = IngestResult | null;
