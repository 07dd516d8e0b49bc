import { analyze } from "../memory/analyze.ts";
import { sentencesIn } from "../memory/quote-of.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import { visible } from "../permission/visible.ts";
import type { Described } from "../skills/described-skill.ts";
import { splitFrontmatter } from "../skills/split-frontmatter.ts";
import { wantsMore } from "../skills/wants-more.ts";

const MARKED = /`([^`\n]+)`/g;
const PIECE = /[^\s()[\]{}<>"'“”‘’«»,;!?|`]+/gu;
/** The number of a line in a list. */
const NUMBERED = /^\s{0,20}\d{1,3}[.)](?=\s)/gmu;
/** What stands for one thing: an address, a path, a file, a tool, a setting, an amount. */
const NAME = /^[-@#$~./\\]{1,5}[\p{L}\p{N}]|\p{N}|[\p{L}\p{N}][_.@/\\:=&%+#][\p{L}\p{N}]/u;
/** What says where its limits are. */
const CAREFUL =
  /\b(?:ask(?:s|ed|ing)?|approv\w{0,10}|confirm\w{0,10}|permission\w{0,5}|permit\w{0,5}|consent\w{0,5}|allow\w{0,5}|never|not|don['’]t|only|without|unless|secret\w{0,5}|password\w{0,5}|silent\w{0,5})\b/iu;
const UNSEEN = /⟨U\+[0-9A-F]{4,6}⟩/gu;
const LIKE_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
/** Share of words that two wordings of one thing have in common at least. */
const ALIKE = 0.6;

interface Side {
  about: Described;
  text: string;
}

/**
 * What stands against a change counting as one of words alone; null: nothing. Its fields, its other files, its code, what it says of its limits, and everything that it names (tools, files, addresses, amounts, whatever stands between backticks)
 * stay as they are. Other words can still say something else: what they can lead to without a question is what the agent may do without one.
 */
export function moreThanWords(before: Side, after: Side): string | null {
  if (after.about.name !== before.about.name) return "it has another name";
  if (wantsMore(before.about.permissions, after.about.permissions) !== null) return "it asks for more";
  if (wantsMore(after.about.permissions, before.about.permissions) !== null) return "it asks for other permissions";
  if (fieldsOf(after.text) !== fieldsOf(before.text)) return "its fields are changed, which say what it is for";
  const [file] = after.about.files.filter(
    ({ path, hash }) => path !== "SKILL.md" && before.about.files.find((one) => one.path === path)?.hash !== hash,
  );
  if (file !== undefined) return `${file.path} is changed`;
  if (after.about.files.length !== before.about.files.length) return "files are missing or new";
  const known = new Set(before.about.findings.map(({ rule, excerpt }) => `${rule} ${excerpt}`));
  const finding = after.about.findings.find(({ rule, severity, excerpt }) => severity !== "info" && !known.has(`${rule} ${excerpt}`));
  if (finding !== undefined) return finding.why;
  if (setApart(after.text) !== setApart(before.text)) return "its code, or what is hidden in it, is changed";
  if (unseen(after.text) > unseen(before.text)) return "it has letters that cannot be seen";
  const fresh = notIn(namesIn(before.text), namesIn(after.text)) ?? notIn(disguisedIn(before.text), disguisedIn(after.text));
  if (fresh !== undefined) return `${visible(fresh.slice(0, 100))} is new in it`;
  if (limitsIn(after.text) !== limitsIn(before.text)) return "what it says of asking, or of what is not to be done, is changed";
  if (looksLikeOrders(after.text) && !looksLikeOrders(before.text)) return "it reads as if it gave orders of its own";
  return alike(proseOf(before.text), proseOf(after.text)) < ALIKE ? "most of it is another text" : null;
}

const notIn = (had: ReadonlySet<string>, has: ReadonlySet<string>): string | undefined => [...has].find((one) => !had.has(one));

function fieldsOf(text: string): string {
  const split = splitFrontmatter(text);
  return split.ok ? split.yaml : "";
}

/** Lines of code. */
function codeIn(text: string): string[] {
  let fenced = false;
  return text.split("\n").filter((line) => {
    const fence = /^\s{0,12}(?:```|~~~)/u.test(line);
    const code = fenced || fence || /^(?: {4}|\t)/u.test(line);
    if (fence) fenced = !fenced;
    return code;
  });
}

/** What is not set apart as code or fields. */
function proseOf(text: string): string {
  const split = splitFrontmatter(text);
  const body = split.ok ? split.body : text;
  const code = new Set(codeIn(body));
  return body
    .split("\n")
    .filter((line) => !code.has(line))
    .join("\n");
}

/** Code and comments, as they stand. */
function setApart(text: string): string {
  const found = codeIn(text).map((line) => line.trimEnd());
  for (let at = text.indexOf("<!--"); at !== -1; at = text.indexOf("<!--", at + 4)) {
    const end = text.indexOf("-->", at);
    found.push(text.slice(at, end === -1 ? undefined : end));
    if (end === -1) break;
    at = end;
  }
  return found.join("\n");
}

function namesIn(text: string): Set<string> {
  const pieces = (text.replaceAll(NUMBERED, " ").match(PIECE) ?? []).map(trimmed).filter((piece) => NAME.test(piece));
  return new Set([...(text.match(MARKED) ?? []), ...pieces]);
}

/** Without what marks it or ends its sentence. */
function trimmed(piece: string): string {
  let [from, to] = [0, piece.length];
  while (from < to && "*_~".includes(piece.charAt(from))) from++;
  while (to > from && "*_~.:…".includes(piece.charAt(to - 1))) to--;
  return piece.slice(from, to);
}

const unseen = (text: string): number => (visible(text).match(UNSEEN) ?? []).length;

/** Words with letters of two scripts that look alike. */
const disguisedIn = (text: string): Set<string> =>
  new Set((text.match(/\p{L}+/gu) ?? []).filter((word) => /\p{Script=Latin}/u.test(word) && LIKE_LATIN.test(word)));

/** Each sentence that says what is asked about, or what is not to be done. */
const limitsIn = (text: string): string =>
  sentencesIn(text)
    .filter((sentence) => CAREFUL.test(sentence))
    .map((sentence) => sentence.replaceAll(/\s+/gu, " "))
    .toSorted()
    .join("\n");

function alike(a: string, b: string): number {
  const [one, other] = [new Set(analyze(a)), new Set(analyze(b))];
  const most = Math.max(one.size, other.size);
  return most === 0 ? 1 : [...one].filter((stem) => other.has(stem)).length / most;
}
