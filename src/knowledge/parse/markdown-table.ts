/** A row of a Markdown table. A cell is one line; a bar in it is escaped. */
export const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.trim().replaceAll(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;

/** The line below the header. */
export const tableRule = (columns: number): string => `|${" - |".repeat(Math.max(1, columns))}`;
