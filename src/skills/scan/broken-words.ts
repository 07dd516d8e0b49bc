import type { ScanRule, Sighting } from "./finding.ts";

/** Two texts that are put together in the middle of a word. */
const BROKEN = /[a-z:/](["'])\s{0,3}\+\s{0,3}["'][a-z:/]/i;
const JOINT = /(["'])\s{0,3}\+\s{0,3}["']/g;
/** What somebody would not want to be found. */
const WORDS =
  /\b(?:curl|wget|bash|powershell|exec|eval|execSync|system|popen|subprocess|child_process|__import__|import os|b64decode|base64|fetch|readFileSync|process\.env|https?:\/\/)/gi;

/** A text with something in between that is taken out again. */
const TAKEN_OUT =
  /(["'])([^"'\n]{3,300})\1\s{0,3}\.replace(?:All)?\s{0,3}\(\s{0,3}(["'])([^"'\n]{1,3})\3\s{0,3},\s{0,3}(?:""|'')\s{0,3}\)/g;

/** Names of commands that are broken in the middle, so that nobody who looks for them finds them. */
export const brokenWords: ScanRule = {
  name: "broken-words",
  *look({ lines, text: whole }): Generator<Sighting, void> {
    if (!BROKEN.test(whole) && !whole.includes(".replace")) return;
    for (const { text, number, where } of lines) {
      if (where === "prose" || !(BROKEN.test(text) || text.includes(".replace"))) continue;
      const joined = text
        .replaceAll(TAKEN_OUT, (_all, quote: string, said: string, _other, taken: string) => quote + said.replaceAll(taken, "") + quote)
        .replaceAll(JOINT, "");
      if (joined === text) continue;
      const before = new Set((text.match(WORDS) ?? []).map((word) => word.toLowerCase()));
      const hidden = (joined.match(WORDS) ?? []).find((word) => !before.has(word.toLowerCase()));
      if (hidden === undefined) continue;
      yield { severity: "warn", line: number, text, why: `It breaks a word apart so that nobody finds it: ${hidden}` };
    }
  },
};
