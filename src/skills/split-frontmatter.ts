import { SKILL_LIMITS } from "./skill.ts";

/** `SKILL.md` in its two parts. */
export type Split = { ok: true; yaml: string; body: string; warnings: string[] } | { ok: false; reason: string };

const DASHES = /^-{3,}[ \t]*$/;
const END = /^(?:-{3,}|\.{3})[ \t]*$/;
const FIELD = /^[A-Za-z_][\w -]{0,60}:(?:\s|$)/;

/**
 * Takes the frontmatter off. The standard wants `---` as the very first line and again after the fields; read as well are blank lines, a comment or a heading before it, more than three dashes,
 * fields in a code block, and a missing second line, each with a warning.
 */
export function splitFrontmatter(text: string): Split {
  const warnings: string[] = [];
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  let start = skipBefore(lines);
  if (start > 0 && lines[start] !== undefined) warnings.push("Something stands before the frontmatter.");
  if (/^\+{3}[ \t]*$/.test(lines[start] ?? "")) return { ok: false, reason: "Its frontmatter is TOML; only YAML is read." };
  const fenced = /^```+[ \t]*(?:ya?ml|markdown|md)?[ \t]*$/i.test(lines[start] ?? "");
  if (fenced) {
    warnings.push("Its frontmatter is in a code block.");
    start++;
    // A whole file in a code block has the dashes in it; fields alone may have none.
    if (FIELD.test(lines[start] ?? "")) return inFence(lines, start, warnings);
  }
  if (!DASHES.test(lines[start] ?? ""))
    return { ok: false, reason: "It has no frontmatter: SKILL.md must begin with a line of three dashes and its fields." };
  if (!/^---[ \t]*$/.test(lines[start] ?? "")) warnings.push("The line before the fields has more than three dashes.");
  let end = lines.findIndex((line, index) => index > start && END.test(line));
  let bodyFrom = end + 1;
  if (end === -1) {
    warnings.push("The line of three dashes after the fields is missing.");
    end = endWithoutDashes(lines, start + 1);
    bodyFrom = end;
  }
  return parts(lines.slice(start + 1, end), lines.slice(bodyFrom), warnings);
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

/** The first line that is neither blank nor a comment; a heading only where dashes and a field follow it. */
function skipBefore(lines: readonly string[]): number {
  let at = 0;
  for (let steps = 0; steps < 50; steps++) {
    const line = lines[at]?.trim();
    if (line === "") at++;
    else if (line?.startsWith("<!--")) {
      const end = lines.findIndex((one, index) => index >= at && one.includes("-->"));
      if (end === -1) break;
      at = end + 1;
    } else if (line?.startsWith("# ")) {
      const next = lines.findIndex((one, index) => index > at && one.trim() !== "");
      if (!DASHES.test(lines[next] ?? "") || !FIELD.test(lines[next + 1] ?? "")) break;
      at = next;
    } else break;
  }
  return at;
}

/** Where fields and what is indented under them end. */
function endWithoutDashes(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && (FIELD.test(lines[at] ?? "") || /^(?:[ \t]+\S|- )/.test(lines[at] ?? ""))) at++;
  return at;
}
