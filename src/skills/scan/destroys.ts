import { phraseRule } from "./phrases.ts";

/** The root, the home, what is above: with all that is in it. */
const EVERYTHING = String.raw`["']?(?:~|\$HOME|\$\{HOME\}|\.\.)?(?:\/\*?)?(?<=[/~.E}*])["']?(?=[\s;&|)"'\`\\]|$)`;

/** What keeps others from it. */
const GUARD = /block|den(?:y|ied)|forbid|reject/i;

/** What deletes everything that it reaches. Deleting a folder by its name is not meant. */
export const destroys = phraseRule("destroys", /\brm\s|rmtree|homedir|:\s{0,3}\|\s{0,3}:|\bdd\s|mkfs|remove-item|\bformat\s|-delete\b/i, [
  {
    pattern: new RegExp(
      String.raw`\brm\s{1,5}(?=[^;&|\n]{0,40}-(?:\w{0,5}[rR]|-recursive))(?:-[\w-]{1,20}\s{1,5}){1,4}(?:[^\s;&|]{1,60}\s{1,5}){0,3}${EVERYTHING}`,
    ),
    unless: GUARD,
    severity: "danger",
    why: "It deletes everything: all files of the computer, of its user, or of the folder above.",
  },
  {
    pattern:
      /\brmtree\s{0,3}\(\s{0,3}(?:["']\/["']|(?:pathlib\.)?Path\.home\(\)|os\.path\.expanduser\(\s{0,3}["']~\/?["']\s{0,3}\))\s{0,3}[,)]|\brm(?:dir)?(?:Sync)?\s{0,3}\(\s{0,3}(?:os\.)?homedir\(\)\s{0,3}[,)]|\bfind\s{1,5}(?:\/|~|\$HOME)\s[^\n|]{0,80}-delete\b/,
    severity: "danger",
    why: "It deletes everything: all files of the computer, or of its user.",
  },
  {
    pattern: /:\s{0,3}\(\s{0,3}\)\s{0,3}\{\s{0,3}:\s{0,3}\|\s{0,3}:\s{0,3}&\s{0,3}\}\s{0,3};\s{0,3}:/,
    unless: GUARD,
    severity: "danger",
    why: "It starts itself without end, until the computer stands still.",
  },
  {
    pattern:
      /\bdd\s[^\n]{0,100}\bof=\/dev\/(?:sd|hd|vd|nvme|disk|rdisk|mmcblk)|\bmkfs(?:\.\w{2,8})?\s{1,5}(?:-\w{1,5}\s{1,5}){0,3}\/dev\/|\bformat\s{1,3}[a-z]:(?=[\s"']|$)|\bRemove-Item\b[^\n]{0,60}(?:[a-z]:\\{1,2}|\$env:USERPROFILE)\*?["']?(?=\s|$)/i,
    severity: "warn",
    why: "It overwrites a whole disk or folder of the system.",
  },
  {
    pattern: /\brm\s{1,5}(?=[^;&|\n]{0,40}-(?:\w{0,5}[rR]|-recursive))(?:-[\w-]{1,20}\s{1,5}){1,4}(?:\.\/)?\*(?=[\s;&|)"'`]|$)/,
    severity: "warn",
    why: "It deletes everything in the folder where it runs.",
  },
]);
