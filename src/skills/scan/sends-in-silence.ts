import { lower, type ScanRule, type Sighting } from "./finding.ts";
import { isProgram } from "./programs.ts";
import { SENDS_IN_LINE } from "./sends.ts";

/** What runs in the background ends so, or the group in which it stands. */
const BACKGROUND = /(?<!&)&\s{0,3}(?:\)\s{0,3}(?:2?>\s{0,2}\/dev\/null\s{0,3})?)?$/;
const SILENCE = "/dev/null";
const SENDS_MAIL = /\b(?:gmail|mail|himalaya|sendmail|mutt|mailx)\b.{0,100}\bsend\b/;
/** Lines of a group before its end. */
const BEFORE = 12;

/** A program that sends something in the background, with everything that it would say thrown away. */
export const sendsInSilence: ScanRule = {
  name: "sends-in-silence",
  *look(file): Generator<Sighting, void> {
    const { lines } = file;
    if (!isProgram(file) || !file.text.includes(SILENCE)) return;
    for (const [index, { text }] of lines.entries()) {
      if (!text.includes("&") || !BACKGROUND.test(text)) continue;
      // A line of its own ends what it begins; a mark that closes a group ends all of it.
      const group = /^\s{0,40}(?:done\s{0,3})?\)/.test(text)
        ? lines.slice(Math.max(0, index - BEFORE), index + 1)
        : lines.slice(index, index + 1);
      if (!group.some((line) => line.text.includes(SILENCE))) continue;
      const sends = group.findLast((line) => SENDS_IN_LINE.test(line.text) || SENDS_MAIL.test(line.text));
      if (sends === undefined) continue;
      const why = "It sends something away in the background and hides that it does.";
      yield { severity: sends.described ? lower("warn") : "warn", line: sends.number, text: sends.text, why };
    }
  },
};
