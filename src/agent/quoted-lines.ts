/** Somebody's words within ours, quoted line by line, so that no line of them can pass for more. */
export const quotedLines = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029\u0085\v\f]/u)
    .map((line) => `> ${line}`)
    .join("\n");
