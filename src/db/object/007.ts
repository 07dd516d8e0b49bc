/** What hands keep. */
export const schema007: readonly string[] = [];
