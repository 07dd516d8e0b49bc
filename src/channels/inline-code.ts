/** Text of others as Markdown code on one line, so that none of it is formatted or linked. */
export const inlineCode = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll(/\s+/g, " ")}\``;
