import type { ScanFile } from "./scan-file.ts";

/** `info`: worth knowing. `warn`: look at it before you enable it. `danger`: this is what malware does. */
export type Severity = "info" | "warn" | "danger";

export interface Finding {
  rule: string;
  severity: Severity;
  /** Path within the skill. */
  file: string;
  /** From 1; 0: the file as a whole. */
  line: number;
  /** At most 160 characters, with everything hidden written out and keys taken out. */
  excerpt: string;
  /** A plain sentence. */
  why: string;
}

/** What a rule saw. `at`: UTF-16 units from the start of the line's text. */
export interface Sighting {
  severity: Severity;
  line: number;
  text: string;
  at?: number;
  why: string;
}

/** One kind of thing that is looked for. A rule is pure, never throws, and its work grows with the length of the file. */
export interface ScanRule {
  readonly name: string;
  look(file: ScanFile): Iterable<Sighting>;
}

const LOWER: Readonly<Record<Severity, Severity>> = { danger: "warn", warn: "info", info: "info" };

/** One step less grave. */
export const lower = (severity: Severity): Severity => LOWER[severity];
