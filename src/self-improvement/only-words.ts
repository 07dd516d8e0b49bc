import type { Described } from "../skills/described-skill.ts";
import { wantsMore } from "../skills/wants-more.ts";

const LINK = /\b[a-z][a-z+.-]*:\/\/[^\s)>\]"'`]+/gi;
const NAMES = /`([^`\n]+)`/g;

/**
 * What stands against a change counting as one of words alone; null: nothing. Everything that the skill may do and everything that it names (tools, files, addresses, whatever stands between backticks) must have been there before.
 */
export function moreThanWords(before: { about: Described; text: string }, after: { about: Described; text: string }): string | null {
  if (after.about.name !== before.about.name) return "it has another name";
  if (wantsMore(before.about.permissions, after.about.permissions) !== null) return "it asks for more";
  if (wantsMore(after.about.permissions, before.about.permissions) !== null) return "it asks for other permissions";
  const [file] = after.about.files.filter(
    ({ path, hash }) => path !== "SKILL.md" && before.about.files.find((one) => one.path === path)?.hash !== hash,
  );
  if (file !== undefined) return `${file.path} is changed`;
  if (after.about.files.length !== before.about.files.length) return "files are missing or new";
  const known = new Set(before.about.findings.map(({ rule }) => rule));
  const finding = after.about.findings.find(({ rule, severity }) => severity !== "info" && !known.has(rule));
  if (finding !== undefined) return finding.why;
  for (const pattern of [LINK, NAMES]) {
    const had = new Set(before.text.match(pattern));
    const fresh = (after.text.match(pattern) ?? []).find((one) => !had.has(one));
    if (fresh !== undefined) return `${fresh.slice(0, 100)} is new in it`;
  }
  return null;
}
