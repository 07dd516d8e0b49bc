import { fileSchema } from "./files.ts";

/** The user's files. */
export const schema006: readonly string[] = fileSchema;
