import { decodeText } from "./decode-text.ts";
import { SKILL_LIMITS, type FolderEntry, type SkillFile, type SkillFileKind } from "./skill.ts";

const SCRIPT =
  /\.(?:sh|bash|zsh|fish|ksh|command|ps1|psm1|bat|cmd|vbs|wsf|hta|applescript|scpt|py|pyw|ipynb|rb|pl|php|lua|js|mjs|cjs|jsx|ts|mts|cts|tsx|go|rs|java|kt|swift|c|cc|cpp|cs|r|jl|awk|exe|dll|so|dylib|msi|dmg|pkg|app|jar|pyc|wasm)$/i;
const TEXT = /\.(?:md|mdx|markdown|txt|rst|adoc|org|html?)$/i;

/** The files of a folder that a skill takes, with what was left out. Entries may come in any order. `taken`: paths that it has already, so that each is there once. */
export function skillFiles(entries: readonly FolderEntry[], taken: readonly string[] = []): { files: SkillFile[]; warnings: string[] } {
  const files: SkillFile[] = [];
  const left = new LeftOut();
  const seen = new Set(taken.map((path) => path.toLowerCase()));
  let bytes = 0;
  for (const entry of entries) {
    const path = safePath(entry.path);
    if (path === null) left.out("lead out of its folder or cannot be file names here", entry.path);
    else if ("skipped" in entry) left.out(entry.skipped, path);
    else if (seen.has(path.toLowerCase())) left.out("have the name of another file (on most disks they would be one)", path);
    else if (entry.bytes.length > SKILL_LIMITS.fileBytes) left.out(`are larger than ${SKILL_LIMITS.fileBytes / 1024 / 1024} MB`, path);
    else if (files.length >= SKILL_LIMITS.files || bytes + entry.bytes.length > SKILL_LIMITS.totalBytes)
      left.out("are more than a skill may hold", path);
    else {
      seen.add(path.toLowerCase());
      bytes += entry.bytes.length;
      files.push({ path, kind: kindOf(path, entry.bytes), bytes: entry.bytes, text: decodeText(entry.bytes)?.text ?? null });
    }
  }
  return { files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), warnings: left.warnings() };
}

/** null: it is no path within a folder. */
function safePath(path: string): string | null {
  const plain = path.replaceAll("\\", "/").normalize("NFC");
  if (
    plain.length > SKILL_LIMITS.path ||
    plain.startsWith("/") ||
    /^[A-Za-z]:/.test(plain) ||
    /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(plain)
  )
    return null;
  const parts = plain.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 || parts.includes("..") ? null : parts.join("/");
}

export function kindOf(path: string, bytes: Uint8Array): SkillFileKind {
  if (path.toLowerCase() === "skill.md") return "instructions";
  if (SCRIPT.test(path) || (bytes[0] === 0x23 && bytes[1] === 0x21)) return "script";
  return TEXT.test(path) ? "reference" : "asset";
}

/** Counts what was left out, so that a thousand files are one sentence. */
class LeftOut {
  readonly #by = new Map<string, string[]>();

  out(why: string, path: string): void {
    const paths = this.#by.get(why) ?? [];
    paths.push(path);
    this.#by.set(why, paths);
  }

  warnings(): string[] {
    return [...this.#by].map(([why, paths]) => {
      const names = paths.slice(0, 3).map((path) => path.toWellFormed().replaceAll(/\p{C}/gu, "?").slice(0, 100));
      return `Files that ${why} were left out: ${names.join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}.`;
    });
  }
}
