import { lower, type ScanRule, type Sighting } from "./finding.ts";
import { DECODE } from "./obfuscation.ts";
import { programsIn, type Program } from "./programs.ts";

/** A name that gets a value. */
const ASSIGNS =
  /^\s{0,200}(?:(?:const|let|var|local|export|my|readonly)\s{1,3})?\$?([A-Za-z_]\w{0,60})(?:\s{0,3}:\s{0,3}[\w<>[\]]{1,40})?\s{0,3}=(?![=>])\s{0,3}/;
const OPENS = /\bas\s{1,3}([A-Za-z_]\w{0,60})\s{0,3}:/;
const FETCHED =
  /\b(?:requests\.(?:get|post)|urlopen|httpx\.(?:get|post)|axios(?:\.get)?|fetch|got)\s{0,3}\(|\b(?:curl|wget)\s{1,5}-|\b(?:Invoke-WebRequest|Invoke-RestMethod|DownloadString|iwr|irm)\b/i;
const DECODED = new RegExp(
  String.raw`(?<![\w.])${DECODE}\s{0,3}\(|\.decrypt\s{0,3}\(|\bbase64\s{1,5}(?:-d|-D|--decode)\b|\[::-1\]|["']\.join\s{0,3}\(\s{0,3}\[?\s{0,3}chr\s{0,3}\(|\bxxd\s{1,5}-r\b`,
);
/** A value that is made of another one and nothing else: of its name, perhaps within calls. */
const MADE_OF = /^["']?\$?\{?\(?(?:await\s{1,3})?(?:[\w.]{1,60}\s{0,2}\(\s{0,2}){0,3}(?:await\s{1,3})?\$?([A-Za-z_]\w{0,60})(?![\w(])/;

/** What runs a text: what follows is its name. */
const RUNS: readonly RegExp[] = [
  /(?<![\w.$])(?:exec|eval|execSync|Function)\s{0,3}\(\s{0,3}(?:compile\s{0,3}\(\s{0,3})?(?:await\s{1,3})?(?:str\s{0,3}\(\s{0,3})?([A-Za-z_]\w{0,60})/g,
  /\b(?:os\.(?:system|popen)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput)|(?:child_process|cp)\.exec(?:Sync)?|vm\.runIn\w{3,20})\s{0,3}\(\s{0,3}([A-Za-z_]\w{0,60})/g,
  /\bnew\s{1,3}Function\s{0,3}\([^)\n]{0,60}[+,]\s{0,3}([A-Za-z_]\w{0,60})/g,
  /\b(?:eval|(?:ba|z|da|k)?sh\s{1,5}-c|iex|Invoke-Expression|python3?\s{1,5}-c)\s{1,5}["']?\$\{?([A-Za-z_]\w{0,60})/gi,
  /\b(?:echo|printf)\s{1,5}(?:-\w{1,3}\s{1,3})?["']?(?:%s["']?\s{1,3}["']?)?\$\{?([A-Za-z_]\w{0,60})\}?["']?\s{0,5}\|\s{0,5}(?:base64\s{1,5}(?:-d|-D|--decode)\s{0,5}\|\s{0,5})?(?:sudo\s{1,5})?(?:ba|z|da|k)?sh\b/g,
];
/** A cheap look whether a text is made at all. */
const MADE = new RegExp(`${FETCHED.source}|${DECODED.source}`, "i");
const HINT = /=|\bas\b|exec|eval|system|popen|subprocess|runIn|Function|\bsh\b|bash|zsh|iex|invoke/i;
/** Lines between the two, and names that are kept. */
const NEAR = 60;
const MOST_NAMES = 100;

interface Made {
  how: string;
  line: number;
}

/** A text that is fetched or decoded in one line, and run as code in another. */
export const runsMadeText: ScanRule = {
  name: "runs-made-text",
  *look(file): Generator<Sighting, void> {
    for (const program of programsIn(file)) if (MADE.test(program.text)) yield* lookThrough(program);
  },
};

function* lookThrough({ lines }: Program): Generator<Sighting, void> {
  const made = new Map<string, Made>();
  for (const { text, number, described } of lines) {
    if (!HINT.test(text)) continue;
    if (made.size > 0) {
      const run = runOf(text, made, number);
      if (run) {
        const why = `It ${run.how} in line ${run.line} and runs it here as code; nobody can look at it before.`;
        yield { severity: described ? lower("danger") : "danger", line: number, text, at: run.at, why };
      }
    }
    const assigned = ASSIGNS.exec(text);
    const name = assigned?.[1] ?? OPENS.exec(text)?.[1];
    if (name === undefined) continue;
    const value = text.slice(assigned?.[0].length ?? 0);
    const how = DECODED.test(value) ? "decodes a text" : FETCHED.test(value) ? "downloads a text" : null;
    const from = how === null ? made.get(MADE_OF.exec(value)?.[1] ?? "") : { how, line: number };
    if (from === undefined || number - from.line > NEAR) made.delete(name);
    else if (made.size < MOST_NAMES || made.has(name)) made.set(name, from);
  }
}

function runOf(text: string, made: ReadonlyMap<string, Made>, number: number): (Made & { at: number }) | null {
  for (const pattern of RUNS) {
    for (const match of text.matchAll(pattern)) {
      const from = made.get(match[1] ?? "");
      if (from !== undefined && from.line < number && number - from.line <= NEAR) return { ...from, at: match.index };
    }
  }
  return null;
}
