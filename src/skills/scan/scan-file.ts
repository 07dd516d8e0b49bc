import type { SkillFile } from "../skill.ts";

/** `prose`: text that is read; `code`: what may run, in a program or in a code block; `comment`: what a reader of the rendered text does not see. */
export type Where = "prose" | "code" | "comment";

export interface ScanLine {
  /** From 1. */
  number: number;
  text: string;
  where: Where;
  /** The heading it stands under; empty: none. */
  heading: string;
  /** Whether this line, its heading or the lines just above speak of attacks, as a guide against them does. */
  described: boolean;
}

export interface ScanFile {
  path: string;
  kind: SkillFile["kind"];
  /** As it is; what is longer than {@link SCAN_LIMITS} is its beginning. */
  text: string;
  /** Lines as a rule reads them: joined where one goes on in the next, long ones in pieces that overlap. */
  lines: readonly ScanLine[];
  /** What the skill declared that it reaches. */
  hosts: readonly string[];
}

export const SCAN_LIMITS = {
  /** UTF-16 units of one file, and of all files of a skill. */
  file: 256 * 1024,
  total: 2 * 1024 * 1024,
  /** UTF-16 units of a piece of a line, and how much two pieces share. */
  piece: 2_000,
  overlap: 300,
  /** Findings of one rule in one file, and all in all. */
  perRule: 5,
  findings: 200,
};

const PROSE = /\.(?:mdx?|markdown|txt|rst|adoc|org)$/i;
const SPEAKS_OF_ATTACKS =
  /\b(?:never|don['’]?t|do not|must not|avoid|refuse|reject(?:ed|s)?|block(?:ed|s|list)?|detect(?:s|ed|ion|ing|or)?|scan(?:s|ner|ning)?|malicious|malware|suspicious|dangerous|unsafe|insecure|vulnerab\w+|attack(?:s|er|ers)?|exploit\w*|adversar\w+|threats?|red[ -]flags?|payloads?|jailbreak\w*|injection|phishing|social engineering|indicators?|ioc|patterns?|signatures?|forbidden|bad example|anti-?patterns?|pentest\w*|red[ -]team\w*|ctf|audit\w*|security (?:check|review|risk)s?)\b|[❌🚨🚩⛔]|恶意|攻击|注入|检测|风险|禁止/iu;

/** In a program many of those words are the program's own: it detects the system, it avoids a warning, it matches patterns. */
const PROGRAM_SPEAKS_OF_ATTACKS =
  /\b(?:malicious|malware|suspicious|vulnerab\w+|attack(?:s|er|ers)?|exploit\w*|adversar\w+|threats?|red[ -]flags?|jailbreak\w*|injection|phishing|ioc|bad example|anti-?patterns?|pentest\w*|red[ -]team\w*|ctf|security (?:check|review|risk)s?)\b|恶意|攻击|注入/iu;

const TABLE_ROW = /^\s{0,10}\|.{0,2000}\|\s{0,5}$/;
/** Regular expressions, with which a scanner looks for attacks. No part of it begins with a repetition: a line of nothing but that would be read again from each of its characters. */
const EXPRESSION = /\\[sbwdS][*+)|]|\.\{0,\d|\(\?:|\.\*\??[|)\\]|\[\^[^\]]{1,20}\][*+]/;

/** One text of a list in a program, or several: what a scanner compares with. */
const LISTED = /^\s{0,40}[([]?\s{0,3}[rfb]?(["'])[^:"'](?:(?!\1:\s).){0,300}\1\s{0,3}[,)\]]{1,3}\s{0,3}$/;

/** Takes a file apart for the rules. */
export function scanFile({ path, kind }: Pick<SkillFile, "path" | "kind">, text: string, hosts: readonly string[]): ScanFile {
  const looked = text.slice(0, SCAN_LIMITS.file);
  return { path, kind, text: looked, lines: [...linesOf(looked, kind === "instructions" || PROSE.test(path))], hosts };
}

function* linesOf(text: string, prose: boolean): Generator<ScanLine, void> {
  const raw = text.split(/\r\n?|\n/);
  let fence: string | null = null;
  let comment = false;
  let heading = "";
  let spoke = -10;
  for (let index = 0; index < raw.length; index++) {
    const number = index + 1;
    let line = raw[index] ?? "";
    for (let joined = 0; joined < 10 && line.endsWith("\\") && index + 1 < raw.length && line.length < SCAN_LIMITS.piece; joined++) {
      line = `${line.slice(0, -1)} ${(raw[++index] ?? "").trimStart()}`;
    }
    let where: Where = prose ? "prose" : "code";
    if (prose) {
      const mark = /^[\s>]{0,20}(`{3,}|~{3,})/.exec(line)?.[1];
      if (mark !== undefined && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark.slice(0, 3) : null;
      else if (fence !== null) where = "code";
      else {
        if (/^#{1,6}\s/.test(line)) heading = line.replace(/^#+\s+/, "").slice(0, 200);
        if (comment || line.includes("<!--") || /^\s{0,3}\[(?:\/\/|comment|_metadata_)[^\]]{0,60}\]:/i.test(line)) where = "comment";
        const [opened, closed] = [line.lastIndexOf("<!--"), line.lastIndexOf("-->")];
        if (opened !== -1 || closed !== -1) comment = opened > closed;
      }
    }
    if ((where === "code" ? PROGRAM_SPEAKS_OF_ATTACKS : SPEAKS_OF_ATTACKS).test(line.slice(0, 4_000))) spoke = number;
    const described =
      number - spoke <= 3 || SPEAKS_OF_ATTACKS.test(heading) || TABLE_ROW.test(line) || EXPRESSION.test(line) || LISTED.test(line);
    for (const piece of pieces(line)) yield { number, text: piece, where, heading, described };
  }
}

function* pieces(line: string): Generator<string, void> {
  if (line.length <= SCAN_LIMITS.piece) return void (yield line);
  for (let from = 0; from < line.length; from += SCAN_LIMITS.piece - SCAN_LIMITS.overlap) yield line.slice(from, from + SCAN_LIMITS.piece);
}
