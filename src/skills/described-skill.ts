import { contentHash, hashOf } from "./content-hash.ts";
import { explainSkill } from "./explain.ts";
import { riskOf } from "./risk.ts";
import { runnerOf } from "./runner-of.ts";
import { scanSkill } from "./scan/scan.ts";
import type { Skill } from "./skill.ts";
import type { StoredVersion } from "./stored-skill.ts";

/** What is known of a skill from its files alone. */
export type Described = Pick<
  StoredVersion,
  | "name"
  | "version"
  | "title"
  | "description"
  | "license"
  | "compatibility"
  | "permissions"
  | "explanation"
  | "risk"
  | "findings"
  | "warnings"
  | "files"
>;

/** Looks at a skill as a person should see it before it is enabled. Runs nothing. `contents`: the bytes of each file, in the order of `files`. */
export function describedSkill(skill: Skill, warnings: readonly string[]): { about: Described; contents: Uint8Array[] } {
  const findings = scanSkill(skill);
  const files = skill.files.map(({ path, kind, bytes, text }) => ({
    path,
    kind,
    size: bytes.length,
    text: text !== null,
    runs: runnerOf(path),
    hash: hashOf(bytes),
  }));
  return {
    about: {
      name: skill.name,
      version: contentHash(files),
      title: skill.title,
      description: skill.description,
      license: skill.license,
      compatibility: skill.compatibility,
      permissions: skill.permissions,
      explanation: explainSkill(skill),
      risk: riskOf(skill, findings),
      findings,
      warnings: [...warnings],
      files,
    },
    contents: skill.files.map(({ bytes }) => bytes),
  };
}
