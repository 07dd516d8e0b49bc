import { lower, type ScanRule, type Sighting } from "./finding.ts";
import type { ScanLine } from "./scan-file.ts";
import { isKnownInstaller, sourcesIn, suspectSource } from "./sources.ts";

const GET = String.raw`(?:curl|wget|aria2c|fetch|lwp-request)`;
const SHELL = String.raw`(?:(?:sudo|env|exec|nohup)\s{1,5}(?:-\S{1,10}\s{1,5}){0,3})?(?:\/(?:usr\/)?(?:local\/)?bin\/)?`;
const BARE = String.raw`(?=\s{0,5}(?:-\s|-$|-s\b|$|[;&|)"'\`#<]))`;

/** Fetched and given to something that runs it, in one line. `part`: what is in every such line, so that lines that only fetch cost little. */
const PATTERNS: readonly { part: string; pattern: RegExp }[] = [
  {
    part: "|",
    pattern: new RegExp(
      String.raw`\b${GET}\b[^|\n]{1,400}\|\s{0,5}${SHELL}(?:(?:ba|z|da|k|a|fi)?sh|pwsh|powershell)\b(?!\s{0,3}-c\s)`,
      "i",
    ),
  },
  {
    part: "|",
    pattern: new RegExp(
      String.raw`\b${GET}\b[^|\n]{1,400}\|\s{0,5}${SHELL}(?:python[23]?|perl|ruby|node|php|osascript|deno run|bun)${BARE}`,
      "i",
    ),
  },
  {
    part: "",
    pattern: new RegExp(String.raw`\b(?:ba|z|da|k)?sh\s{1,5}(?:-\w{1,5}\s{1,5})?(?:-c\s{0,5})?["']?(?:\$\(|<\(|\`)\s{0,5}${GET}\b`, "i"),
  },
  {
    part: "",
    pattern: new RegExp(String.raw`(?:\b(?:source|eval|exec|iex)|(?:^|[;&|]\s{0,5})\.)\s{1,5}["']?(?:\$\(|<\(|\`)\s{0,5}${GET}\b`, "i"),
  },
  { part: "$(", pattern: new RegExp(String.raw`\bpython[23]?\s{1,5}-c\s{1,5}["']?\$\(\s{0,5}${GET}\b`, "i") },
  {
    part: "",
    pattern:
      /\b(?:iex|Invoke-Expression)\b[^\n]{0,200}\b(?:iwr|irm|curl|wget|Invoke-WebRequest|Invoke-RestMethod|DownloadString|Net\.WebClient)\b/i,
  },
  {
    part: "|",
    pattern: /\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod|DownloadString)\b[^\n]{0,300}\|\s{0,5}(?:iex|Invoke-Expression)\b/i,
  },
  {
    part: "chmod",
    pattern: new RegExp(
      String.raw`\b${GET}\b[^\n]{5,300}(?:&&|;)\s{0,5}(?:sudo\s{1,5})?chmod\s{1,5}(?:\+x|[0-7]{3,4})\b[^\n]{1,200}(?:&&|;)\s{0,5}(?:sudo\s{1,5})?(?:\.?\/|bash\s|sh\s)`,
      "i",
    ),
  },
];

/** A file that is run by its name. */
const RUNS_FILE =
  /(?:^|[\s;&|])(?:(?:ba|z|da|k)?sh|source|python[23]?|perl|node|chmod\s{1,5}(?:\+x|[0-7]{3,4}))\s{1,5}(?:-\w{1,5}\s{1,5})?(?:\.\/)?([\w.-]{3,60})(?=[\s"'`;&|)]|$)|(?:^|[\s;&|])\.\/([\w.-]{3,60})(?=[\s"'`;&|)]|$)/g;
/** What is read, not run. */
const TEXT = /\.(?:md|txt|json|ya?ml|csv|html?|pdf)$/i;
/** The name under which it is kept: the last part of an address, or as it is told. */
const KEPT_AS = /\/([\w.-]{3,60})(?=["'`\s;&|)]|$)|(?:\s-[a-zA-Z]{0,5}[oO]|>)\s{0,3}(?:\.\/)?([\w.-]{3,60})(?=["'`\s;&|)]|$)/g;
const FETCHES = new RegExp(String.raw`\b${GET}\b`, "i");
/** Names that are kept of one file. */
const MOST_NAMES = 50;

/** Programs that only fetch and run for somebody who does not want to be seen, and fetched text that runs as code. */
const GRAVE: readonly [pattern: RegExp, why: string][] = [
  [/\b(?:mshta|regsvr32|rundll32|msiexec)\b[^\n\]]{0,60}\bhttps?:\/\//i, "It has Windows run a program straight from an address."],
  [
    /\bcertutil\b[^\n]{0,60}-urlcache\b[^\n]{0,80}\bh..ps?:|\bbitsadmin\b[^\n]{0,60}\/transfer\b[^\n]{0,80}\bh..ps?:/i,
    "It downloads with a system program in a way that hides from protection.",
  ],
  [
    /\b(?:exec|eval)\s{0,3}\(\s{0,3}(?:compile\s{0,3}\(\s{0,3})?(?:await\s{0,3}\(?\s{0,3})?(?:\(?await\s{1,3})?(?:requests\.(?:get|post)|urllib(?:\.request)?\.urlopen|urlopen|httpx\.get|fetch|axios(?:\.get)?|got)\s{0,3}\(/,
    "It downloads a text and runs it as code.",
  ],
  [/\bnew\s{1,3}Function\s{0,3}\(\s{0,3}await\b/, "It downloads a text and runs it as code."],
  [/\bos\.system\s{0,3}\(\s{0,3}(?:requests\.get|urllib)/, "It downloads a text and runs it as a command."],
];

const HINT =
  /curl|wget|aria2c|fetch|lwp-request|iex|iwr|irm|invoke|webclient|mshta|regsvr32|rundll32|msiexec|certutil|bitsadmin|urlopen|requests\.|httpx|axios|got\s{0,3}\(|function/i;
const INSTALLS =
  /\b(?:pip3?|uv pip|pipx?)\s{1,5}install\b[^\n]{0,120}\bhttps?:\/\/|\b(?:npm|pnpm|yarn|bun)\s{1,5}(?:i|install|add|exec|dlx)\b[^\n]{0,120}\bhttps?:\/\//i;

export const downloadAndRun: ScanRule = {
  name: "download-and-run",
  *look(file): Generator<Sighting, void> {
    /** What was fetched so far: its name, and the line that fetches it. */
    const fetched = new Map<string, ScanLine>();
    for (const line of file.lines) {
      const { text, number, described } = line;
      const hinted = HINT.test(text);
      if (!hinted && INSTALLS.test(text))
        yield { severity: "info", line: number, text, why: "It installs a package from an address instead of a registry." };
      const grave = hinted ? GRAVE.find(([pattern]) => pattern.test(text)) : undefined;
      if (grave) {
        const at = grave[0].exec(text)?.index;
        yield { severity: described ? "warn" : "danger", line: number, text, ...(at === undefined ? {} : { at }), why: grave[1] };
        continue;
      }
      const match = hinted
        ? PATTERNS.map(({ part, pattern }) => (text.includes(part) ? pattern.exec(text) : null)).find((found) => found !== null)
        : undefined;
      if (match) {
        yield runs(line, match, text, "It downloads a program and runs it at once; nobody can look at it before.");
        continue;
      }
      if (line.where === "prose" && !text.includes("`")) continue;
      if (hinted && fetched.size < MOST_NAMES && FETCHES.test(text) && text.includes("://")) {
        for (const [, address, told] of text.matchAll(KEPT_AS)) fetched.set(told ?? address ?? "", line);
      }
      if (fetched.size === 0) continue;
      for (const run of text.matchAll(RUNS_FILE)) {
        const name = run[1] ?? run[2] ?? "";
        const from = fetched.get(name);
        if (from === undefined || TEXT.test(name) || (from === line && run.index < text.search(FETCHES))) continue;
        fetched.delete(name);
        yield runs(line, run, from.text, "It downloads a program and runs it.");
        break;
      }
    }
  },
};

/** `fetches`: the text with the address from which it comes. */
function runs({ text, number, described }: ScanLine, match: RegExpMatchArray, fetches: string, ordinary: string): Sighting {
  const at = match.index ?? 0;
  const suspect = suspectSource(fetches);
  const kinds = [...sourcesIn(fetches)].map(({ kind }) => kind);
  if (kinds.length > 0 && kinds.every((kind) => kind === "local" || (kind === "example" && described)))
    return { severity: "info", line: number, text, at, why: "It shows how something is downloaded and run." };
  if (suspect) {
    const severity = suspect.what.includes("https") ? "warn" : "danger";
    const why = `It downloads a program from ${suspect.host}, ${suspect.what}, and runs it.`;
    return { severity: described ? lower(severity) : severity, line: number, text, at, why };
  }
  // Without an address it speaks of the habit.
  const shown = fetches === text ? match[0] : fetches;
  const mild = described || isKnownInstaller(shown) || !/[\w-]\.[a-z]{2}|\$|:\/\//i.test(shown);
  return { severity: mild ? "info" : "warn", line: number, text, at, why: ordinary };
}
