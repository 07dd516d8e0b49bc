import { improvementSchema } from "./improvements.ts";

/** What hands keep. */
export const schema007: readonly string[] = [...improvementSchema];
