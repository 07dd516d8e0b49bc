import { z } from "zod";

/** The shapes of skills in the API; the page shares them. Instants are UTC milliseconds, sizes bytes, money is millionths of a US dollar. */

/** Skills that one user may have beside the built-in ones. */
export const MAX_SKILLS = 200;
/** Versions of one skill that are kept; the oldest go first, never the one in use. */
export const MAX_SKILL_VERSIONS = 20;
/** An upload or an archive that is fetched, and what is in it unpacked. */
export const MAX_SKILL_UPLOAD = 20 * 1024 * 1024;
/** How long an uninstalled skill can be brought back. */
export const SKILL_KEPT_MS = 30 * 86_400_000;

/** Lower-case letters, digits and single hyphens, at most 64. */
export const SkillName = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be small letters, digits and hyphens, such as `weekly-review`");

/** SHA-256 of paths and contents of all its files, hexadecimal: the same content is the same version. */
export const SkillVersionId = z.string().regex(/^[0-9a-f]{64}$/, "must be the `version` that was shown");

/** Within the skill's folder, such as `references/rates.md`. */
export const SkillFilePath = z.string().min(1).max(400);

export const SkillRiskLevel = z.enum(["L1", "L2", "L3"]);

/** Where it comes from. `agent`: the user's own agent wrote it, and they said yes. */
export const SkillOrigin = z.enum(["built-in", "upload", "zip", "git", "paste", "agent"]);
export type SkillOrigin = z.infer<typeof SkillOrigin>;

const Names = z.array(z.string().max(300)).max(50);

/** Any JSON, typed as not known: its own type is without end, which no call between Worker and object can carry. */
const Json: z.ZodType = z.json();

/** What a skill asks for, or was granted. What is not in it is not there for its programs. */
export const SkillPermissionsShape = z.strictObject({
  /** Such as `todos.read`. */
  capabilities: Names.default([]),
  /** `example.com`, `*.example.com`, `*`. */
  hosts: Names.default([]),
  /** Folders and files of the user. */
  paths: z.strictObject({ read: Names.default([]), write: Names.default([]) }).default({ read: [], write: [] }),
  /** Names of stored secrets. */
  secrets: Names.default([]),
  tools: Names.default([]),
});
export type SkillPermissionsShape = z.infer<typeof SkillPermissionsShape>;

export const SkillFindingView = z.object({
  rule: z.string(),
  /** `info`: worth knowing; `warn`: look at it; `danger`: this is what malware does. */
  severity: z.enum(["info", "warn", "danger"]),
  file: z.string(),
  /** From 1; 0: the file as a whole. */
  line: z.number().int(),
  excerpt: z.string(),
  why: z.string(),
});

export const SkillFileView = z.object({
  path: SkillFilePath,
  kind: z.enum(["instructions", "script", "reference", "asset"]),
  size: z.number().int(),
  /** Whether it can be shown as text. */
  text: z.boolean(),
  /** What can run it here: `javascript` at once, `python` and `shell` where there is a Linux; null: nothing. */
  runs: z.enum(["javascript", "python", "shell"]).nullable(),
});
export type SkillFileView = z.infer<typeof SkillFileView>;

/** One version as it is shown before it is enabled. */
export const SkillVersionView = z.object({
  version: SkillVersionId,
  /** From 1, counting up. */
  number: z.number().int(),
  title: z.string(),
  description: z.string(),
  license: z.string().nullable(),
  compatibility: z.string().nullable(),
  origin: SkillOrigin,
  /** The address or the name of the file it came from; empty: none. */
  source: z.string(),
  /** What it asks for. */
  permissions: SkillPermissionsShape,
  /** What it will be able to do with all of that, and what it brings: plain sentences. */
  explanation: z.array(z.string()),
  risk: z.object({
    level: SkillRiskLevel,
    reasons: z.array(z.object({ level: SkillRiskLevel, text: z.string(), from: z.enum(["asked", "seen"]) })),
  }),
  /** The gravest first. With a `danger` among them it is enabled only with `acknowledge`. */
  findings: z.array(SkillFindingView),
  /** What was odd in its files: plain sentences. */
  warnings: z.array(z.string()),
  files: z.array(SkillFileView),
  /** Whether the user accepted exactly these texts: then they guide the agent; before, they are content from outside. */
  trusted: z.boolean(),
  /** Whether it was written where content from outside was read. */
  tainted: z.boolean(),
  created_at: z.number().int(),
});
export type SkillVersionView = z.infer<typeof SkillVersionView>;

export const SkillUsage = z.object({
  /** How often its instructions were read, and its programs run. */
  reads: z.number().int(),
  runs: z.number().int(),
  /** Of the runs. */
  succeeded: z.number().int(),
  failed: z.number().int(),
  /** Milliseconds of all runs. */
  ms: z.number().int(),
  /** What the runs cost. */
  micro_usd: z.number().int(),
  last_used_at: z.number().int().nullable(),
});
export type SkillUsage = z.infer<typeof SkillUsage>;

/** `new`: never enabled; `enabled`; `disabled`: it was enabled; `uninstalled`: it can be brought back. */
export const SkillState = z.enum(["new", "enabled", "disabled", "uninstalled"]);

/** A skill in a list. */
export const SkillView = z.object({
  name: SkillName,
  title: z.string(),
  description: z.string(),
  built_in: z.boolean(),
  origin: SkillOrigin,
  state: SkillState,
  /** The version in use, or that would be; see `waiting`. */
  version: SkillVersionId,
  /** A newer version that asks for more, or has something to look at, and waits for the user; null: none. */
  waiting: SkillVersionId.nullable(),
  risk: SkillRiskLevel,
  /** Of that version. */
  findings: z.object({ info: z.number().int(), warn: z.number().int(), danger: z.number().int() }),
  /** What it was granted; all of it absent before it is enabled. */
  granted: SkillPermissionsShape,
  trusted: z.boolean(),
  usage: SkillUsage,
  updated_at: z.number().int(),
  uninstalled_at: z.number().int().nullable(),
});
export type SkillView = z.infer<typeof SkillView>;

export const SkillList = z.object({ skills: z.array(SkillView) });
export type SkillList = z.infer<typeof SkillList>;

export const SkillDetail = z.object({
  skill: SkillView,
  /** Every version, the newest first. */
  versions: z.array(SkillVersionView),
  /** What the waiting version asks for beyond what is granted; null: none waits, or it asks for nothing more. */
  more: SkillPermissionsShape.nullable(),
  /** The same in sentences. */
  more_explained: z.array(z.string()),
});
export type SkillDetail = z.infer<typeof SkillDetail>;

/** What became of an installation. Nothing runs and nothing is granted by it. */
export const SkillInstalled = SkillDetail.extend({
  /** `new`: there was none of that name. `same`: this very content was there. `updated`: it took the place of the version in use. `waiting`: it waits for the user. */
  outcome: z.enum(["new", "same", "updated", "waiting"]),
});
export type SkillInstalled = z.infer<typeof SkillInstalled>;

/** The text of a `SKILL.md`, or the address of a repository or folder on GitHub or GitLab. Files come as a zip or a form. */
export const SkillSource = z.union([
  z.strictObject({ text: z.string().min(1).max(1_000_000) }),
  z.strictObject({
    url: z.string().min(1).max(2_000).describe("`https://github.com/owner/repository`, `…/tree/main/folder`, and the same on gitlab.com."),
    folder: z.string().max(400).optional().describe("The skill's folder in it, where there are several."),
  }),
]);
export type SkillSource = z.infer<typeof SkillSource>;

export const SkillEnable = z.strictObject({
  version: SkillVersionId.describe("The version that was looked at."),
  permissions: SkillPermissionsShape.optional().describe(
    "What of its permissions it gets; left out: none. Only what it asks for can be granted.",
  ),
  acknowledge: z.boolean().default(false).describe("Dangerous findings were seen, and it is enabled all the same."),
  trust: z
    .boolean()
    .default(true)
    .describe(
      "Whether its texts may guide the agent. Without it they stay content from outside, and what is done after reading them is asked about more often.",
    ),
});
export type SkillEnable = z.infer<typeof SkillEnable>;

export const SkillRollback = z.strictObject({ version: SkillVersionId });

export const SkillComparison = z.object({
  from: SkillVersionId,
  to: SkillVersionId,
  files: z.array(
    z.object({
      path: SkillFilePath,
      change: z.enum(["added", "changed", "removed"]),
      /** The texts, at most 100,000 characters each; null: not there, or no text. */
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  /** What `to` asks for that `from` did not. */
  more: SkillPermissionsShape.nullable(),
  more_explained: z.array(z.string()),
});
export type SkillComparison = z.infer<typeof SkillComparison>;

/** One use of a skill. */
export const SkillUse = z.object({
  at: z.number().int(),
  kind: z.enum(["read", "run"]),
  version: SkillVersionId,
  /** The file that was read or run. */
  file: z.string(),
  ended: z.enum(["done", "failed"]),
  /** One line. */
  summary: z.string(),
  ms: z.number().int(),
  micro_usd: z.number().int(),
});
export type SkillUse = z.infer<typeof SkillUse>;

export const SkillUses = z.object({ uses: z.array(SkillUse) });
export type SkillUses = z.infer<typeof SkillUses>;

export const SkillRun = z.strictObject({
  script: SkillFilePath.describe("One of its programs, such as `scripts/total.js`."),
  args: z.record(z.string(), Json).default({}).describe("Goes to the program as it is."),
});
export type SkillRun = z.infer<typeof SkillRun>;

/** What a run brought. `waiting`: something in it waits for an approval. */
export const SkillRunResult = z.object({
  status: z.enum(["done", "failed", "denied", "waiting"]),
  summary: z.string(),
  output: z.unknown(),
});
export type SkillRunResult = z.infer<typeof SkillRunResult>;
