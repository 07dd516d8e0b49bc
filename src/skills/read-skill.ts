import { decodeText } from "./decode-text.ts";
import { cutTo, oneLine, withoutUnseen } from "./plain-text.ts";
import { readFields } from "./read-fields.ts";
import { readNeeds } from "./read-needs.ts";
import { readPermissions } from "./read-permissions.ts";
import type { Plain } from "./read-yaml.ts";
import { SKILL_LIMITS, type FolderEntry, type SkillReading } from "./skill.ts";
import { kindOf, skillFiles } from "./skill-files.ts";
import { isSkillName, numberedName, skillName } from "./skill-name.ts";
import { splitFrontmatter } from "./split-frontmatter.ts";

const STANDARD = ["name", "description", "license", "compatibility", "metadata", "allowed-tools", "permissions"];

/** Fields of other ecosystems that describe or arrange, and whose absence here changes nothing. */
const ELSEWHERE =
  "version author authors tags category categories keywords homepage repository url source created updated date last_updated date_added emoji icon title slug id display_name displayname color model argument-hint user-invocable disable-model-invocation when_to_use triggers risk language languages domain user_invocable requires env tools allowed_tools summary maintainer publisher credits difficulty".split(
    " ",
  );

export interface ReadOptions {
  /** The folder's own name; null: it has none that means anything (an upload, a paste). */
  folder: string | null;
  /** For what is written here: everything that is only a warning when somebody else's file is read is a refusal. */
  strict?: boolean;
}

/**
 * A folder as a skill. Lenient: what the standard does not allow but a person can understand is read with a warning. Nothing of it runs, and it gets nothing by being read.
 */
export function readSkill(entries: readonly FolderEntry[], { folder, strict = false }: ReadOptions): SkillReading {
  const reading = read(entries, folder, strict);
  const [first] = reading.warnings;
  return strict && reading.ok && first !== undefined
    ? { ok: false, name: reading.skill.name, reason: first, warnings: reading.warnings }
    : reading;
}

function read(entries: readonly FolderEntry[], folder: string | null, strict: boolean): SkillReading {
  const main = entries.find(({ path }) => path === "SKILL.md") ?? entries.find(({ path }) => path.toLowerCase() === "skill.md");
  const warnings: string[] = [];
  let name: string | null = null;
  const refuse = (reason: string): SkillReading => ({ ok: false, name, reason, warnings });
  if (main === undefined) return refuse("There is no SKILL.md in it.");
  if ("skipped" in main) return refuse(`Its SKILL.md cannot be taken: files that ${main.skipped}.`);
  if (main.path !== "SKILL.md") warnings.push(`Its file is called ${main.path}; it should be SKILL.md.`);
  if (main.bytes.length > SKILL_LIMITS.skillFileBytes)
    return refuse(`Its SKILL.md is larger than ${SKILL_LIMITS.skillFileBytes / 1024 / 1024} MB.`);
  const decoded = decodeText(main.bytes);
  if (decoded === null) return refuse("Its SKILL.md is not text.");
  if (decoded.damaged) warnings.push("Its SKILL.md is not clean UTF-8.");
  const split = splitFrontmatter(decoded.text.replace(/^\uFEFF/, ""));
  if (!split.ok) return refuse(split.reason);
  const found = readFields(split.yaml);
  warnings.push(...split.warnings);
  if (found === null) return refuse("Its frontmatter cannot be read.");
  const { fields } = found;
  warnings.push(...found.warnings);

  const title = oneLine(textOf(fields["name"], "name", warnings) ?? "");
  name = nameFor(title, folder, warnings);
  const description = textOf(fields["description"], "description", warnings);
  if (description === null || oneLine(description) === "") return refuse("It has no description, so nobody could tell when to use it.");
  if (name === null) return refuse("It has no name.");
  const { permissions, warnings: about } = readPermissions(fields["permissions"]);
  warnings.push(...about);
  if (split.body === "") warnings.push("It has no instructions after its frontmatter.");
  const others = Object.keys(fields).filter((field) => !STANDARD.includes(field) && (strict || !ELSEWHERE.includes(field.toLowerCase())));
  if (others.length > 0)
    warnings.push(`Fields that the standard does not know have no effect: ${oneLine(others.slice(0, 10).join(", ")).slice(0, 200)}.`);
  const { files, warnings: leftOut } = skillFiles(
    entries.filter((entry) => entry !== main),
    ["SKILL.md"],
  );
  warnings.push(...leftOut);

  const skill = {
    name,
    title: cutTo(title, 200) || name,
    description: limited(withoutUnseen(description).trim(), SKILL_LIMITS.description, "description", warnings),
    license: optional(fields["license"], "license", warnings),
    compatibility: optional(fields["compatibility"], "compatibility", warnings),
    metadata:
      fields["metadata"] !== null && typeof fields["metadata"] === "object" && !Array.isArray(fields["metadata"]) ? fields["metadata"] : {},
    permissions,
    needs: readNeeds(fields),
    body: split.body,
    files: [{ path: "SKILL.md", kind: kindOf("SKILL.md", main.bytes), bytes: main.bytes, text: decoded.text }, ...files],
  };
  return { ok: true, skill, warnings };
}

/** null: neither the skill nor its folder has a name. */
function nameFor(title: string, folder: string | null, warnings: string[]): string | null {
  const given = title || (folder ?? "");
  if (given === "") return null;
  const name = skillName(given) || skillName(folder ?? "") || numberedName(given);
  if (title === "") warnings.push("It has no name; it goes by the name of its folder.");
  else if (!isSkillName(title))
    warnings.push(`Its name is not lower-case letters, digits and hyphens (at most ${SKILL_LIMITS.name}); here it is ${name}.`);
  if (title !== "" && folder !== null && title !== folder) warnings.push("Its name is not that of its folder.");
  return name;
}

/** A field that should be text, also where YAML took it for something else. */
function textOf(value: Plain | undefined, field: string, warnings: string[]): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  warnings.push(`Its ${field} is not a text; it was read as one.`);
  if (Array.isArray(value)) return value.map((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry))).join(" ");
  return typeof value === "object"
    ? Object.entries(value)
        .map(([key, entry]) => `${key}: ${typeof entry === "string" ? entry : JSON.stringify(entry)}`)
        .join(" ")
    : String(value);
}

function optional(value: Plain | undefined, field: "license" | "compatibility", warnings: string[]): string | null {
  const text = textOf(value, field, warnings);
  return text === null || oneLine(text) === "" ? null : limited(oneLine(text), SKILL_LIMITS.compatibility, field, warnings);
}

function limited(text: string, most: number, field: string, warnings: string[]): string {
  if (text.length > most) warnings.push(`Its ${field} is longer than ${most.toLocaleString("en")} characters; the rest was cut off.`);
  return cutTo(text, most);
}
