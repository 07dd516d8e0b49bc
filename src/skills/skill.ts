/** Limits of one skill. What is larger is left out with a warning, except `SKILL.md`, which a skill cannot do without. */
export const SKILL_LIMITS = {
  /** Bytes of `SKILL.md`. */
  skillFileBytes: 1024 * 1024,
  /** Bytes of any other file. */
  fileBytes: 10 * 1024 * 1024,
  /** Bytes of all files. */
  totalBytes: 50 * 1024 * 1024,
  files: 2_000,
  /** UTF-16 units of a path within the folder. */
  path: 400,
  /** UTF-16 units between the two lines of dashes. */
  frontmatter: 16 * 1024,
  /** UTF-16 units, by the standard. */
  name: 64,
  description: 1_024,
  compatibility: 500,
} as const;

/** One thing in a folder as it was found. `skipped`: it was not read, and says why in a few words. */
export type FolderEntry = { path: string; bytes: Uint8Array } | { path: string; skipped: string };

/** `script`: a program; `reference`: text that is read; `asset`: anything else. */
export type SkillFileKind = "instructions" | "script" | "reference" | "asset";

export interface SkillFile {
  /** Within the skill's folder, with "/", without "..", in Unicode's composed form. */
  path: string;
  kind: SkillFileKind;
  bytes: Uint8Array;
  /** null: it is not text. */
  text: string | null;
}

/**
 * What a skill asks for, from the field `permissions` of its frontmatter. It is a question, never a grant: nothing that reads a skill gives it anything. Only what could
 * be read without doubt is in it.
 */
export interface SkillPermissions {
  /** Such as `todos.read`, `files.write:/notes`. */
  capabilities: string[];
  /** `example.com`, `*.example.com`, `example.com:8443`, `*`. */
  hosts: string[];
  /** Absolute, in the user's files. */
  paths: { read: string[]; write: string[] };
  /** Names of stored secrets. */
  secrets: string[];
  /** Names of tools. */
  tools: string[];
}

/** What a skill says it needs where it comes from. Shown and counted for its risk; it gives nothing here. */
export interface SkillNeeds {
  /** From `allowed-tools`, which names another program's tools. */
  tools: string[];
  /** Environment variables, mostly keys. */
  environment: string[];
  /** Programs that must be installed. */
  programs: string[];
}

/** How much a wrong step of a skill could cost: L1 reads only; L2 writes or uses the network; L3 uses credentials or changes what others depend on. */
export type RiskLevel = "L1" | "L2" | "L3";

export interface Risk {
  level: RiskLevel;
  /** Plain sentences, the gravest first. `seen`: it is not asked for but stands in the files. */
  reasons: { level: RiskLevel; text: string; from: "asked" | "seen" }[];
}

export interface Skill {
  /** Lower-case letters, digits and hyphens, at most 64: made from the name it was given. */
  name: string;
  /** The name as it was given, without what cannot be seen. */
  title: string;
  description: string;
  license: string | null;
  compatibility: string | null;
  /** Other fields of the frontmatter as plain values, for display only. */
  metadata: Readonly<Record<string, unknown>>;
  permissions: SkillPermissions;
  needs: SkillNeeds;
  /** The instructions: `SKILL.md` without its frontmatter. */
  body: string;
  /** `SKILL.md` first, then by path. */
  files: SkillFile[];
}

/** Sentences for a person. */
export type SkillReading =
  | { ok: true; skill: Skill; warnings: string[] }
  | { ok: false; name: string | null; reason: string; warnings: string[] };

export const noPermissions = (): SkillPermissions => ({
  capabilities: [],
  hosts: [],
  paths: { read: [], write: [] },
  secrets: [],
  tools: [],
});
