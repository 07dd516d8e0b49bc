import { isProgram } from "./programs.ts";
import { lower, type ScanRule, type Sighting } from "./finding.ts";
import { SENDS } from "./sends.ts";

/** Going through everything a program was given, instead of asking for one setting by its name. */
const GOES_THROUGH =
  /\bos\.environ\.(?:items|keys|values)\s{0,3}\(|\bin\s{1,5}os\.environ\s{0,3}[:\]}]|\bObject\.(?:entries|keys|values)\s{0,3}\(\s{0,3}process\.env\s{0,3}\)|\bin\s{1,5}process\.env\s{0,3}\)|(?:^|[\s;&|$(`])(?:env|printenv)\s{0,5}\|\s{0,5}(?:e?grep|rg|awk)\b|\bENV\.(?:each|select|filter)\b|\b(?:Get-ChildItem|gci)\s{1,5}env:/i;
/** Parts of names that it compares with, so between quotes or strokes; a name as a whole (`"MY_API_KEY"`) is none. */
const KEY_WORDS =
  /(?<=["'`|/(*%]_?)(?:API_?|ACCESS_?)?(?:KEY|SECRET|TOKEN|PASSW(?:OR)?D?|PASS|CREDENTIAL|CRED|PRIVATE|AUTH)S?(?=_?["'`|/)*%\\])/gi;
/** Lines around it in which the words stand that it picks by. */
const AROUND = { before: 12, after: 6 };

/**
 * A program that goes through all settings and picks those that are named like keys. What asks for a key of its own by name is not meant, nor what hands the settings on to a
 * program that it starts.
 */
export const harvestsSettings: ScanRule = {
  name: "harvests-settings",
  *look(file): Generator<Sighting, void> {
    const program = isProgram(file);
    const sends = program && SENDS.test(file.text);
    for (const [index, line] of file.lines.entries()) {
      if (line.where === "prose" || !GOES_THROUGH.test(line.text)) continue;
      const around = file.lines.slice(Math.max(0, index - AROUND.before), index + AROUND.after + 1);
      const words = new Set(around.flatMap(({ text }) => (text.match(KEY_WORDS) ?? []).map((word) => word.toUpperCase())));
      if (words.size < 2) continue;
      const why = "It goes through all settings of the environment and picks those that are keys";
      const severity = sends ? "danger" : "warn";
      yield {
        // In a program, words like "pattern" say nothing about whether it is a guide against attacks.
        severity: line.described && !program ? lower(severity) : severity,
        line: line.number,
        text: line.text,
        why: sends ? `${why}. The same program sends something away.` : `${why}.`,
      };
    }
  },
};
