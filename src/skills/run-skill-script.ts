import { MargayError } from "../errors.ts";
import { runJavascript, toolOutput } from "../tools/code/run-javascript.ts";
import type { CodePort } from "../sandbox/code-run.ts";
import type { RunModule } from "../sandbox/javascript.ts";
import type { CallMarks } from "../tools/compiled-tool.ts";
import type { ToolContext, ToolOutput } from "../tools/tool.ts";
import { decodeText } from "./decode-text.ts";
import { enabledSkill } from "./read-for-agent.ts";
import type { HeldSkill } from "./held-skill.ts";
import type { LinuxScript } from "./linux-script.ts";
import { skillScope, SkillWord } from "./skill-scope.ts";
import type { Skills, SkillsDeps } from "./skills.ts";

/** From begin to end. */
const WALL_MS = 120_000;
/** Characters of the files that a program can import. */
const MODULES = 2_000_000;
/** Programs that a refusal names. */
const NAMED = 20;

export interface RunScriptDeps extends Pick<SkillsDeps, "uses" | "now"> {
  skills: Skills;
  code: CodePort;
  /** Runs one in Python or for a shell. */
  linux(script: LinuxScript, context: ToolContext): Promise<{ output: ToolOutput; failed: boolean }>;
}

/**
 * Runs a program of an enabled skill under exactly what the skill was granted, within what its caller has. What it asks for goes through the gate with that as its profile. Each run is counted.
 */
export async function runSkillScript(
  { skill: name, script, args }: { skill: string; script: string; args: unknown },
  context: ToolContext,
  deps: RunScriptDeps,
): Promise<ToolOutput> {
  const held = enabledSkill(deps.skills, name);
  const file = held.current.files.find(({ path }) => path === script);
  const untrusted = held.current.trusted ? null : `the skill ${name}, whose texts you have not accepted yet`;
  if (file === undefined || file.runs === null) throw noProgram(held, script, untrusted);
  const began = deps.now();
  const count = (ended: "done" | "failed", summary: string, microUsd: number): void =>
    deps.uses.add({
      name,
      callId: context.idempotencyKey,
      version: held.current.version,
      kind: "run",
      file: script,
      ended,
      summary: summary.slice(0, 300),
      ms: deps.now() - began,
      micro_usd: microUsd,
      at: deps.now(),
    });
  try {
    const { output, failed, microUsd } =
      file.runs === "javascript"
        ? await javascript(held, script, args, untrusted, context, deps)
        : { ...(await linux(held, script, file.runs, args, untrusted, context, deps)), microUsd: 0 };
    count(failed ? "failed" : "done", output.summary, microUsd);
    return untrusted === null || output.untrusted !== undefined ? output : { ...output, untrusted };
  } catch (error) {
    if (!(error instanceof MargayError)) throw error;
    count("failed", error.message, 0);
    // A refusal may name what the skill calls its files.
    throw untrusted === null ? error : new MargayError(error.code, error.message, { ...Object(error.details), untrusted });
  }
}

/** Takes back what a run wrote: as what any code wrote. */
export async function takeBackScript(receipt: unknown, context: ToolContext, { code }: RunScriptDeps): Promise<ToolOutput> {
  const { undo } = runJavascript;
  if (undo === undefined) throw new MargayError("invalid_request", "That cannot be taken back.");
  return undo(receipt, { ...context, stores: { code } });
}

async function javascript(
  held: HeldSkill,
  script: string,
  args: unknown,
  untrusted: string | null,
  context: ToolContext,
  { skills, code }: RunScriptDeps,
): Promise<{ output: ToolOutput; failed: boolean; microUsd: number }> {
  const { granted, name } = held.skill;
  const text = decodeText(skills.shelf.bytes(held, held.current, script))?.text;
  if (text === undefined) throw new MargayError("unsupported", `${script} of the skill ${name} is no text.`);
  const tainted = context.tainted || untrusted !== null;
  const outcome = await code.run(
    {
      // In the same line, so that the lines of errors are those of the file.
      code: `globalThis.args = input; ${text}`,
      input: args,
      modules: modulesBeside(held, script, skills),
      wallMs: WALL_MS,
      allow: skillScope(granted),
    },
    {
      callId: context.idempotencyKey,
      marks: marksOf(context, tainted, granted.hosts),
      profile: context.profile,
      turnId: context.turnId ?? null,
      tainted,
      signal: context.signal,
      ...(context.keep === undefined ? {} : { keep: context.keep }),
    },
  );
  const output = toolOutput(outcome);
  return { output: { ...output, summary: `${name}: ${output.summary}` }, failed: outcome.error !== null, microUsd: outcome.microUsd };
}

/** What its calls are judged by: in place of what the user said, what they granted the skill. An address that a page gave has to be on one of its hosts all the same. */
const marksOf = ({ marks = null }: ToolContext, tainted: boolean, hosts: readonly string[]): CallMarks | null =>
  marks && { ...marks, tainted, provenance: { ...marks.provenance, word: new SkillWord(hosts) } };

/** The skill's other files as modules, named as the program sees them from where it lies. */
function modulesBeside(held: HeldSkill, script: string, skills: Skills): Record<string, RunModule> {
  const modules: Record<string, RunModule> = Object.create(null);
  const folder = script.slice(0, script.lastIndexOf("/") + 1);
  let room = MODULES;
  for (const { path, text, size } of held.current.files) {
    if (path === script || !text || size > room) continue;
    const content = decodeText(skills.shelf.bytes(held, held.current, path))?.text;
    if (content === undefined) continue;
    room -= size;
    modules[path.startsWith(folder) ? path.slice(folder.length) : path] = moduleOf(path, content);
  }
  return modules;
}

function moduleOf(path: string, text: string): RunModule {
  if (/\.json$/i.test(path)) return { js: `export default JSON.parse(${JSON.stringify(text)});` };
  return /\.m?js$/i.test(path) ? { js: text } : { text };
}

function linux(
  held: HeldSkill,
  script: string,
  language: LinuxScript["language"],
  args: unknown,
  untrusted: string | null,
  context: ToolContext,
  { skills, linux: run }: RunScriptDeps,
): Promise<{ output: ToolOutput; failed: boolean }> {
  const { name, granted } = held.skill;
  const files = held.current.files.map(({ path }) => ({ path, bytes: skills.shelf.bytes(held, held.current, path) }));
  return run({ skill: name, language, script, files, args, granted, wallMs: WALL_MS, untrusted }, context);
}

/** Its files' names are its words, too. */
function noProgram({ skill, current }: HeldSkill, script: string, untrusted: string | null): MargayError {
  const programs = current.files.flatMap(({ path, runs }) => (runs === null ? [] : [path]));
  const named =
    programs.length <= NAMED ? programs.join(", ") : `${programs.slice(0, NAMED).join(", ")} and ${programs.length - NAMED} more`;
  return new MargayError(
    "not_found",
    `The skill ${skill.name} has no program ${script.slice(0, 100)} that could be run here.${programs.length === 0 ? "" : ` It has ${named}.`}`,
    untrusted === null ? undefined : { untrusted },
  );
}
