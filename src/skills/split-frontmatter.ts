import { SKILL_LIMITS } from "./skill.ts";

/** `SKILL.md` in its two parts. */
export type Split = { ok: true; yaml: string; body: string; warnings: string[] } | { ok: false; reason: string };

const DASHES = /^-{3,}[ \t]*$/;
const END = /^(?:-{3,}|\.{3})[ \t]*$/;
const FENCE = /^```+[ \t]*[a-z]{0,12}[ \t]*$/i;
const FIELD = /^[A-Za-z_][\w -]{0,60}:(?:\s|$)/;
/** What a frontmatter that stands somewhere else begins with. */
const FIRST = /^(?:name|description|id|slug|title|version)\s{0,3}:/;
/** Lines in which it is looked for. */
const WITHIN = 60;

/**
 * Takes the frontmatter off. The standard wants `---` as the very first line and again after the fields; read as well are other things before it, more than three dashes,
 * fields in a code block, and missing lines of dashes, each with a warning.
 */
export function splitFrontmatter(text: string): Split {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  if (/^\+{3}[ \t]*$/.test(lines[first] ?? "")) return { ok: false, reason: "Its frontmatter is TOML; only YAML is read." };
  const start = startOf(lines, Math.max(first, 0));
  if (start === null)
    return { ok: false, reason: "It has no frontmatter: SKILL.md must begin with a line of three dashes and its fields." };
  const warnings: string[] = [];
  if (start.at > 0) warnings.push("Something stands before the frontmatter.");
  if (start.kind === "fence") return inFence(lines, start.at + 1, ["Its frontmatter is in a code block."]);
  if (start.kind === "bare") {
    warnings.push("The line of three dashes before the fields is missing.");
    const end = lines.findIndex((line, index) => index > start.at && (END.test(line) || /^#{1,6} /.test(line)));
    const at = end === -1 ? lines.length : end;
    return parts(lines.slice(start.at, at), lines.slice(END.test(lines[at] ?? "") ? at + 1 : at), warnings);
  }
  if (!/^---[ \t]*$/.test(lines[start.at] ?? "")) warnings.push("The line before the fields has more than three dashes.");
  const end = lines.findIndex((line, index) => index > start.at && END.test(line));
  if (end !== -1) return parts(lines.slice(start.at + 1, end), lines.slice(end + 1), warnings);
  warnings.push("The line of three dashes after the fields is missing.");
  const without = endWithoutDashes(lines, start.at + 1);
  return parts(lines.slice(start.at + 1, without), lines.slice(without), warnings);
}

/** Where the fields begin: the line of dashes, the code block, or the first field itself. */
function startOf(lines: readonly string[], first: number): { at: number; kind: "dashes" | "fence" | "bare" } | null {
  const line = lines[first] ?? "";
  if (DASHES.test(line)) return { at: first, kind: "dashes" };
  if (FIRST.test(line)) return { at: first, kind: "bare" };
  for (let at = first; at < Math.min(lines.length, first + WITHIN); at++) {
    const next = lines.slice(at + 1, at + 4).find((one) => one.trim() !== "") ?? "";
    if (!FIRST.test(next)) continue;
    if (DASHES.test(lines[at] ?? "")) return { at, kind: "dashes" };
    if (FENCE.test(lines[at] ?? "")) return { at, kind: "fence" };
  }
  return null;
}

function parts(yaml: string[], body: string[], warnings: string[]): Split {
  const text = yaml.join("\n");
  if (text.trim() === "") return { ok: false, reason: "Its frontmatter is empty." };
  if (text.length > SKILL_LIMITS.frontmatter)
    return { ok: false, reason: `Its frontmatter is longer than ${SKILL_LIMITS.frontmatter / 1024} KB.` };
  return { ok: true, yaml: text, body: body.join("\n").trim(), warnings };
}

function inFence(lines: string[], start: number, warnings: string[]): Split {
  const end = lines.findIndex((line, index) => index >= start && /^```+[ \t]*$/.test(line));
  return end === -1
    ? { ok: false, reason: "Its frontmatter does not end." }
    : parts(lines.slice(start, end), lines.slice(end + 1), warnings);
}

/** Where fields and what is indented under them end. */
function endWithoutDashes(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && (FIELD.test(lines[at] ?? "") || /^(?:[ \t]+\S|- )/.test(lines[at] ?? ""))) at++;
  return at;
}
