import { contextRecordSchema } from "./context-records.ts";
import { documentSchema } from "./documents.ts";
import { importSchema } from "./imports.ts";
import { memorySchema } from "./memories.ts";
import { recordOpSchema } from "./record-ops.ts";
import { searchSchema } from "./search-index.ts";
import { summarySchema } from "./summaries.ts";

/** Memory, knowledge, the search index over both and the archive, and what answers were made from. */
export const schema003: readonly string[] = [
  ...recordOpSchema,
  ...searchSchema,
  ...documentSchema,
  ...importSchema,
  ...summarySchema,
  ...contextRecordSchema,
  ...memorySchema,
];
