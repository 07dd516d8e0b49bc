/** Indices for what grows with an account: questions of one turn, and the few messages that have files. */
export const schema008: readonly string[] = [`CREATE INDEX message_with_file ON message (seq) WHERE instr(content, '"kind":"file"') > 0`];
