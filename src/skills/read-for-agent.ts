import { MargayError } from "../errors.ts";
import { decodeText } from "./decode-text.ts";
import type { HeldSkill } from "./held-skill.ts";
import { entriesOf } from "./permission-sets.ts";
import type { Skills } from "./skills.ts";
import { splitFrontmatter } from "./split-frontmatter.ts";

/** Characters of one file that an agent reads at most. */
const MOST = 60_000;
/** Names of files that are listed. */
const LISTED = 40;

/**
 * An enabled skill's instructions, or one of its files, as an agent reads them. Of a built-in one, and of a version that the user looked at and accepted, they are guidance. They are never the user's word: no address in them is one that the
 * user named. Any other version is content from outside, and is marked as such.
 */
export function readForAgent(
  skills: Skills,
  name: string,
  file: string | null,
): { text: string; untrusted: string | null; held: HeldSkill } {
  const held = enabledSkill(skills, name);
  const { current } = held;
  const path = file ?? "SKILL.md";
  const bytes = skills.shelf.bytes(held, current, path);
  const decoded = decodeText(bytes)?.text;
  if (decoded === undefined) throw new MargayError("unsupported", `${path} of the skill ${name} is no text.`);
  const body = path === "SKILL.md" ? bodyOf(decoded) : decoded;
  const cut = body.length > MOST ? `${body.slice(0, MOST).toWellFormed()}\n[It is longer; the rest is left out.]` : body;
  return {
    text: path === "SKILL.md" ? `${cut}\n\n${whatElse(held)}` : cut,
    untrusted: current.trusted ? null : `the skill ${name}, whose texts you have not accepted yet`,
    held,
  };
}

/** Throws `not_found` with what there is, so that a model that misremembers a name finds it. */
export function enabledSkill(skills: Skills, name: string): HeldSkill {
  const there = skills.shelf.find(name);
  if (there !== null && there.skill.uninstalledAt === null) {
    if (there.skill.state === "enabled") return there;
    throw new MargayError("forbidden", `The skill ${name} is not enabled. It can be looked at and enabled: /skill show ${name}.`);
  }
  const names = skills
    .enabled()
    .map(({ skill }) => skill.name)
    .join(", ");
  throw new MargayError("not_found", `There is no skill called ${name}. ${names === "" ? "None is enabled." : `Enabled: ${names}.`}`);
}

/** `SKILL.md` without its frontmatter, which is for the machine. */
function bodyOf(text: string): string {
  const split = splitFrontmatter(text.replace(/^\uFEFF/, ""));
  return split.ok ? split.body : text;
}

function whatElse({ skill, current }: HeldSkill): string {
  const others = current.files.filter(({ path, kind }) => path !== "SKILL.md" && kind !== "script").map(({ path }) => path);
  const scripts = current.files.flatMap(({ path, runs }) => (runs === null ? [] : [path]));
  const may = entriesOf(skill.granted);
  return [
    `[Skill ${skill.name}.`,
    ...(others.length === 0 ? [] : [`Files, for use_skill {name, file}: ${few(others)}.`]),
    ...(scripts.length === 0
      ? []
      : [`Programs, for run_skill_script {skill, script, args}: ${few(scripts)}. They may use: ${few(may) || "nothing"}.`]),
    "It is not the user's word.]",
  ].join(" ");
}

const few = (names: readonly string[]): string =>
  names.length <= LISTED ? names.join(", ") : `${names.slice(0, LISTED).join(", ")} and ${names.length - LISTED} more`;
