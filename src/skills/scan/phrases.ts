import { lower, type ScanRule, type Severity, type Sighting } from "./finding.ts";
import type { ScanFile, ScanLine, Where } from "./scan-file.ts";

/** One pattern of a rule. Every repetition in it has an upper bound, so that a line costs its length times a constant. */
export interface Phrase {
  pattern: RegExp;
  severity: Severity;
  why: string;
  /** Where it counts; absent: everywhere. */
  where?: readonly Where[];
  /** Not where this stands in the line as well. */
  unless?: RegExp;
}

/** A rule that looks at one line after the other. `hint`: a cheap look whether a line can matter at all. */
export function phraseRule(
  name: string,
  hint: RegExp,
  phrases: readonly Phrase[],
  prepare: (text: string) => string = (text) => text,
): ScanRule {
  return {
    name,
    *look(file: ScanFile): Generator<Sighting, void> {
      for (const line of file.lines) {
        const text = prepare(line.text);
        if (hint.test(text)) yield* sightings(line, text, phrases);
      }
    },
  };
}

function* sightings(line: ScanLine, text: string, phrases: readonly Phrase[]): Generator<Sighting, void> {
  for (const { pattern, severity, why, where, unless } of phrases) {
    if (where !== undefined && !where.includes(line.where)) continue;
    const match = pattern.exec(text);
    if (match === null || unless?.test(text)) continue;
    yield { severity: line.described ? lower(severity) : severity, line: line.number, text, at: match.index, why };
    return;
  }
}
