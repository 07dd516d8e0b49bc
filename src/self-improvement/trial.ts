import { z } from "zod";
import { decodeText } from "../skills/decode-text.ts";
import { runnerOf } from "../skills/runner-of.ts";
import { entriesOfProposal, readProposal, type SkillProposal } from "../skills/save-skill.ts";
import { skillScope } from "../skills/skill-scope.ts";
import type { CodeAllowance, CodeCaller, CodeOutcome, CodePort } from "../sandbox/code-run.ts";
import type { RunModule } from "../sandbox/javascript.ts";

/** One of the draft's programs with arguments such as it was seen to be needed for. */
export const TrialInput = z.object({ script: z.string().max(400), args: z.record(z.string(), z.json() as z.ZodType).default({}) });
export type TrialInput = z.infer<typeof TrialInput>;

/** What one trial brought. */
export const TrialRun = z.object({
  script: z.string(),
  ok: z.boolean(),
  /** What it gave or said, short. */
  text: z.string(),
  /** Files that it would have written. */
  files: z.array(z.string()),
  ms: z.number(),
});
export type TrialRun = z.infer<typeof TrialRun>;

/** What was found out about a draft without doing anything of what it would do. */
export const Trial = z.object({
  /** The content hash of the draft; null: it cannot be read as a skill. */
  version: z.string().nullable(),
  /** What is wrong with it, plain sentences. */
  problems: z.array(z.string()),
  runs: z.array(TrialRun),
});
export type Trial = z.infer<typeof Trial>;

/** What a trial read, which its result carries on. */
export type TrialRead = Pick<CodeOutcome, "untrusted" | "suspicious" | "links" | "usedGiven">;

export const MAX_TRIALS = 5;
/** What the programs of a draft need: they are code like any other. */
export const RUNS_CODE = "code.run";
const WALL_MS = 30_000;
const MAX_TEXT = 1_000;
/** A tool's name, as instructions write it. */
const TOOL_NAME = /`([a-z]+(?:_[a-z]+)+)`/g;

export interface TrialDeps {
  code: CodePort;
  /** Names of every tool there is. */
  tools: readonly string[];
}

/**
 * Tries a draft: it is read strictly, scanned, its steps are looked through for tools that are not there, and its programs are run on examples, with what it asks for and what the caller has, but so that they can
 * only read: nothing is written, nobody is asked anything, and a tool that would change something says so.
 */
export async function tryDraft(
  draft: SkillProposal,
  trials: readonly TrialInput[],
  caller: CodeCaller,
  deps: TrialDeps,
): Promise<Trial & { name: string | null; read: TrialRead }> {
  const read: TrialRead = { untrusted: null, suspicious: false, links: [], usedGiven: 0 };
  const reading = readProposal(draft);
  if (!reading.ok) return { version: null, name: null, problems: [reading.reason], runs: [], read };
  const { about } = reading;
  const problems = [
    ...about.warnings,
    ...about.findings.filter(({ severity }) => severity === "warn").map(({ file, line, why }) => `${file}, line ${line}: ${why}`),
    ...unknownTools(draft, deps.tools),
  ];
  const entries = entriesOfProposal(draft);
  const runs: TrialRun[] = [];
  const allowed = withoutBrowser(skillScope(about.permissions));
  for (const [index, trial] of trials.slice(0, MAX_TRIALS).entries()) {
    const entry = entries.find(({ path }) => path === trial.script);
    const text = entry === undefined || !("bytes" in entry) ? undefined : decodeText(entry.bytes)?.text;
    if (text === undefined || runnerOf(trial.script) !== "javascript") {
      problems.push(`${trial.script} is no JavaScript program of this skill, so it was not tried.`);
      continue;
    }
    const outcome = await deps.code.run(
      {
        code: `globalThis.args = input; ${text}`,
        input: trial.args,
        modules: modulesBeside(draft, trial.script),
        wallMs: WALL_MS,
        allow: allowed,
        dry: true,
      },
      // Each run numbers its calls below an id of its own, and goes on counting.
      { ...caller, callId: `${caller.callId}.t${index}`, marks: counted(caller.marks, read.usedGiven) },
    );
    read.untrusted ??= outcome.untrusted;
    read.suspicious ||= outcome.suspicious;
    read.links.push(...outcome.links);
    read.usedGiven += outcome.usedGiven;
    const said = outcome.error === null ? JSON.stringify(outcome.value ?? null) : `${outcome.error.name}: ${outcome.error.message}`;
    runs.push({
      script: trial.script,
      ok: outcome.error === null,
      text: said.slice(0, MAX_TEXT).toWellFormed(),
      files: outcome.notWritten,
      ms: outcome.wallMs,
    });
  }
  return { version: about.version, name: about.name, problems, runs, read };
}

/** A browser keeps what is done in it, whatever a call says of itself: a trial opens none. */
const withoutBrowser = (allowed: CodeAllowance): CodeAllowance => ({
  ...allowed,
  tools: allowed.tools.filter((name) => !name.startsWith("browser_")),
});

const counted = (marks: CodeCaller["marks"], more: number): CodeCaller["marks"] =>
  marks && { ...marks, provenance: { ...marks.provenance, usedGiven: (marks.provenance.usedGiven ?? 0) + more } };

function unknownTools({ skill_md: text }: SkillProposal, tools: readonly string[]): string[] {
  const named = new Set([...text.matchAll(TOOL_NAME)].map(([, name = ""]) => name));
  const verbs = new Set(tools.map((name) => name.split("_", 1)[0] ?? ""));
  // A field or a file may be written in the same way; what begins as tools do is meant to be one.
  return [...named]
    .filter((name) => !tools.includes(name) && verbs.has(name.split("_", 1)[0] ?? ""))
    .map((name) => `There is no tool \`${name}\`.`);
}

function modulesBeside({ files = [] }: SkillProposal, script: string): Record<string, RunModule> {
  const folder = script.slice(0, script.lastIndexOf("/") + 1);
  const modules: Record<string, RunModule> = Object.create(null);
  for (const { path, text } of files) {
    if (path === script) continue;
    const name = path.startsWith(folder) ? path.slice(folder.length) : path;
    modules[name] = /\.m?js$/i.test(path) ? { js: text } : { text };
  }
  return modules;
}
