import { recordOpSchema } from "./record-ops.ts";

/** Memory, knowledge, the search index over both and the archive, and what answers were made from. */
export const schema003: readonly string[] = [...recordOpSchema];
