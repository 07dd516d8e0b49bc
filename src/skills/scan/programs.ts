import type { ScanFile, ScanLine } from "./scan-file.ts";

/** What runs as one: a program, or a block of code in a text. */
export interface Program {
  lines: readonly ScanLine[];
  text: string;
  /** A file of its own; otherwise it stands in a text, and may be an example. */
  file: boolean;
}

/** Whether a file runs, or may, as a whole. */
export const isProgram = ({ kind }: Pick<ScanFile, "kind">): boolean => kind === "script" || kind === "asset";

/** Programs of a file. What many lines do together is looked for in each of them. */
export function programsIn(looked: ScanFile): Program[] {
  const { lines, text } = looked;
  if (isProgram(looked)) return [{ lines, text, file: true }];
  const programs: Program[] = [];
  let block: ScanLine[] = [];
  const end = (): void => {
    if (block.length > 0) programs.push({ lines: block, text: block.map((line) => line.text).join("\n"), file: false });
    block = [];
  };
  for (const line of lines) {
    if (line.where === "code") block.push(line);
    else end();
  }
  end();
  return programs;
}
