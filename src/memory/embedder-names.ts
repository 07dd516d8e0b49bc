/** What can make vectors of texts; each is a file of `src/memory/embedders/`. */
export const EMBEDDERS = ["local", "workers-ai", "openai-compatible"] as const;
export type EmbedderName = (typeof EMBEDDERS)[number];
