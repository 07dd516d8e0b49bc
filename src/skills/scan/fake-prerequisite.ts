import { type ScanRule, type Sighting } from "./finding.ts";
import { phraseRule, type Phrase } from "./phrases.ts";
import { sourcesIn } from "./sources.ts";

const ARCHIVE = String.raw`(?:\.(?:zip|rar|7z|exe|dmg|msi|pkg|scr|iso)\b|\b(?:archive|executable|installer)\b)`;
const PASSWORD = String.raw`(?:\bpass(?:word|phrase|code)?\b\s{0,3}(?:is\b|[:=])\s{0,3}[*_"'\`“(:]{0,4}\s{0,3}|\bpass(?:word|code)\b[*_]{0,2}\s{0,3}["'\`“])\w`;

/** People are told to install malware themselves: the way of the campaign against ClawHub (Koi Security, February 2026). */
const PHRASES: readonly Phrase[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:extract|unzip|unpack|decompress|unarchive|download)\w{0,4}\b[^\n]{0,250}\b(?:using|with|use|enter|the)?\s{0,3}[*_(]{0,3}${PASSWORD}`,
      "i",
    ),
    unless:
      /\b(?:pdf|encrypt|decrypt|database|postgres|mysql|login|sign[ -]?in|account|user(?:name)?|smtp|imap|wifi|hash|crack|john|hashcat|--password|-p\b|password[- ]protected pdf|app password|env(?:ironment)?|keystore|api)\b/i,
    severity: "danger",
    why: "It has you unpack a file with a password, which keeps protection programs from looking into it.",
  },
  {
    pattern: new RegExp(String.raw`${ARCHIVE}[^\n]{0,120}[([]\s{0,3}(?:\w{1,12}\s{1,3}){0,3}${PASSWORD}`, "i"),
    unless: /\b(?:pdf|encrypt|decrypt|database|crack|john|hashcat|--password)\b/i,
    severity: "danger",
    why: "It has you unpack a file with a password, which keeps protection programs from looking into it.",
  },
  {
    pattern:
      /\b(?:extract|unzip|unpack)(?:ed|ing)?\b[^\n.]{0,30}\b(?:password|passcode|pass\s{0,3}(?=[:=]))[\s*_]{0,4}[:=`"'][\s*_`"']{0,5}\w|\b(?:archive|zip|rar|7z)(?:['’]s)?(?: file)?\s{1,3}password\b[\s*_]{0,4}(?:is\b|[:=])[\s*_]{0,4}\S/i,
    unless: /\b(?:pdf|encrypt|decrypt|hash|crack|john|hashcat|--password|from|field|user)\b/i,
    severity: "danger",
    why: "It has you unpack a file with a password, which keeps protection programs from looking into it.",
  },
  {
    pattern:
      /\b(?:spctl\s{1,5}--(?:master|global)-disable|Set-MpPreference\b[^\n]{0,80}-Disable|Add-MpPreference\b[^\n]{0,60}-Exclusion|csrutil\s{1,5}disable)/i,
    severity: "danger",
    why: "It turns off what protects the computer.",
  },
  {
    pattern:
      /\b(?:disable|turn off|deactivate|pause|switch off)\b[^\n]{0,30}\b(?:anti-?virus|windows defender|defender|gatekeeper|smartscreen|real-?time protection)\b/i,
    severity: "danger",
    why: "It has you turn off what protects the computer.",
  },
  {
    pattern: /\bcurl\b[^\n]{0,300}\bxattr\s{1,5}-\w{0,3}[cd]\w{0,3}\b/i,
    severity: "danger",
    why: "It downloads a program and takes away the mark by which the system would check it.",
  },
  {
    pattern: /\bxattr\s{1,5}-\w{0,3}(?:c\b|d\w{0,2}\s{1,5}com\.apple\.quarantine)/i,
    severity: "info",
    why: "It takes away the mark by which the system checks a downloaded program.",
  },
  {
    pattern: /\bsudo\s{1,5}bash\s{1,5}-c\b[^\n]{0,40}\b(?:echo|base64)\b[^\n]{0,400}\|\s{0,3}bash/i,
    severity: "danger",
    why: "It runs a hidden text with all rights.",
  },
];

const lines = phraseRule(
  "fake-prerequisite",
  /pass|spctl|mppreference|csrutil|anti-?virus|defender|gatekeeper|smartscreen|protection|xattr|sudo/i,
  PHRASES,
);

const NEEDED =
  /\b(?:required?|requires|requirement|prerequisite|must|before (?:using|proceeding|you|starting|first|the)|first|needed|mandatory|important|critical|will not (?:work|function)|won['’]t work|ensure|depends on)\b/i;
const DO = /\b(?:run|execute|launch|open|paste|copy|install|double[- ]click)\b/i;
const BINARY = /\bhttps?:\/\/[^\s)"'<>]{3,300}\.(?:zip|rar|7z|exe|dmg|msi|pkg|scr|bat)\b/i;

export const fakePrerequisite: ScanRule = {
  name: "fake-prerequisite",
  *look(file): Generator<Sighting, void> {
    yield* lines.look(file);
    for (const [index, { text, number, where, described }] of file.lines.entries()) {
      if (where === "code" || !text.includes("http")) continue;
      const around = file.lines
        .slice(Math.max(0, index - 6), index + 7)
        .map((line) => line.text.slice(0, 400))
        .join("\n");
      const paste = [...sourcesIn(text)].find(({ kind }) => kind === "paste");
      if (paste && DO.test(text) && /\b(?:command|script|terminal|powershell|installer?|installation|code|program)\b/i.test(text)) {
        yield {
          severity: described ? "warn" : "danger",
          line: number,
          text,
          at: paste.at,
          why: `It has you run a command from ${paste.host}, a place where anybody can put anything.`,
        };
        continue;
      }
      const binary = BINARY.exec(text);
      if (binary && DO.test(around) && NEEDED.test(around) && /\bdownload\b/i.test(around)) {
        yield {
          severity: described ? "info" : "warn",
          line: number,
          text,
          at: binary.index,
          why: "It says that you must download and run a program first.",
        };
      }
    }
  },
};
