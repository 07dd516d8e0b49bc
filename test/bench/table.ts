/** One measured number. `goal` is what the issue asks for, or empty. */
export interface Row {
  name: string;
  value: string;
  goal?: string;
}

/** Rows as a Markdown table with even columns. */
export function table(rows: Row[]): string {
  const cells = [["measured", "value", "goal"], ...rows.map((row) => [row.name, row.value, row.goal ?? ""])];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const line = (values: string[]): string => `| ${values.map((value, column) => value.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body.map(line)].join("\n");
}

/** The value below which the share `p` (0 to 1) of the numbers lies. */
export function percentile(numbers: readonly number[], p: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
