import type { ScanRule, Severity, Sighting } from "./finding.ts";

/** A flag is a black flag, letters of the tags block, and its end. */
const FLAG = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{2,7}\u{E007F}/gu;

const KINDS: readonly [pattern: RegExp, severity: Severity, why: string][] = [
  [/[\u{E0000}-\u{E007F}]{1,4000}/u, "danger", "It has text in characters that nobody sees and a model reads (Unicode tags)"],
  [
    /[\u{E0100}-\u{E01EF}]{3,4000}|(?:[\uFE00-\uFE0F]){4,4000}/u,
    "danger",
    "It hides data in characters that change how others look (variation selectors)",
  ],
  [/[\u200B-\u200D\u2060-\u2064\uFEFF\u180E]{8,4000}/u, "danger", "It hides data in a row of characters without width"],
  [/[\u200B\u2060-\u2064]{3,7}/u, "warn", "It has rows of characters without width, which may hide data"],
  [/[\u202D\u202E]/u, "danger", "It turns the direction of text around, so that it reads differently from what it is"],
  [/[\u2066-\u2069\u202A-\u202C]/u, "warn", "It has marks that change the direction of text"],
  [/[\u3164\uFFA0\u115F\u1160]{4,4000}/u, "warn", "It has a row of letters that look like nothing"],
  [/[A-Za-z][\u200B\u2060-\u2064\u00AD][A-Za-z]/u, "info", "It has characters without width within words"],
];
const HINT =
  /[\u{AD}\u{115F}\u{1160}\u{180E}\u{200B}-\u{200D}\u{202A}-\u{202E}\u{2060}-\u{2069}\u{3164}]|[\u{FE00}-\u{FE0F}]|[\u{FEFF}\u{FFA0}\u{E0000}-\u{E01EF}]/u;
/** Scripts whose letters need joiners and direction marks. */
const NEEDS_MARKS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

export const hiddenUnicode: ScanRule = {
  name: "hidden-unicode",
  *look(file): Generator<Sighting, void> {
    if (!HINT.test(file.text)) return;
    for (const { text, number } of file.lines) {
      if (!HINT.test(text)) continue;
      const looked = text.replaceAll(FLAG, "");
      for (const [pattern, severity, why] of KINDS) {
        const match = pattern.exec(looked);
        if (match === null || (severity === "warn" && NEEDS_MARKS.test(looked))) continue;
        const said = tagged(match[0]);
        yield { severity, line: number, text: looked, at: match.index, why: said === "" ? `${why}.` : `${why}: ${said}` };
        break;
      }
    }
  },
};

/** What letters of the tags block say. */
const tagged = (text: string): string =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0)
    .filter((code) => code >= 0xe0020 && code < 0xe007f)
    .map((code) => String.fromCodePoint(code - 0xe0000))
    .join("")
    .slice(0, 120);
