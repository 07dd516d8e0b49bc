import type { OperationName, Operations } from "../agent/operations.ts";
import { MargayError } from "../errors.ts";
import { UserWord } from "../permission/user-word.ts";
import type { CompiledTool } from "../tools/compiled-tool.ts";
import { fetchSkill, type FetchSkillDeps } from "./fetch-skill.ts";
import { installSkill } from "./install-skill.ts";
import type { SkillInstalled, SkillRun, SkillRunResult } from "./shapes.ts";
import type { SkillArrival } from "./skill-arrival.ts";
import type { SkillBy, Skills, SkillsDeps } from "./skills.ts";

export interface SkillOperationsDeps extends SkillsDeps, FetchSkillDeps {
  skills: Skills;
  tools(): readonly CompiledTool[];
  newId(): string;
}

/** What the Worker asks for the user, by name. These are calls of a person or of their program, never of the model. */
export function skillOperations(deps: SkillOperationsDeps): Pick<Operations, Extract<OperationName, `skills.${string}`>> {
  const { skills } = deps;
  const by: SkillBy = { actor: "user", channel: "web" };
  return {
    "skills.list": () => skills.list(),
    "skills.get": (name) => skills.get(name),
    "skills.install": (arrival) => arrived(arrival, by, deps),
    "skills.update": (name) => updated(name, by, deps),
    "skills.enable": ({ name, enable }) => skills.enable(name, enable, by),
    "skills.disable": (name) => skills.disable(name, by),
    "skills.rollback": ({ name, version }) => skills.rollBack(name, version, by),
    "skills.uninstall": (name) => skills.uninstall(name, by),
    "skills.restore": (name) => skills.restore(name, by),
    "skills.compare": ({ name, from, to }) => skills.compare(name, from, to),
    "skills.file": ({ name, version, path }) => skills.file(name, version, path),
    "skills.export": ({ name, version }) => skills.export(name, version),
    "skills.uses": ({ name, limit }) => skills.uses(name, limit),
    "skills.run": ({ name, run }) => runByUser(name, run, deps),
  };
}

/** Takes in what the user brought. What others wrote is nobody's word until the user has looked at it and enabled it. */
export async function arrived(arrival: SkillArrival, by: SkillBy, deps: SkillOperationsDeps): Promise<SkillInstalled> {
  const untouched = { strict: false, trusted: false, tainted: true };
  if (arrival.kind === "files") return installSkill({ ...arrival, ...untouched }, by, deps.skills, deps);
  const { name, entries, source } = await fetchSkill(arrival.url, arrival.folder, deps);
  return installSkill({ entries, folder: name === "" ? null : name, origin: "git", source, ...untouched }, by, deps.skills, deps);
}

async function updated(name: string, by: SkillBy, deps: SkillOperationsDeps): Promise<SkillInstalled> {
  const held = deps.skills.shelf.get(name);
  const from = deps.skills.shelf.versions(held).find(({ origin }) => origin === "git");
  if (from === undefined) throw new MargayError("conflict", `The skill ${name} came from no address. Install its new version by upload.`);
  const { entries, source } = await fetchSkill(from.source, "", deps);
  return installSkill(
    { entries, folder: name, only: name, origin: "git", source, strict: false, trusted: false, tainted: true },
    by,
    deps.skills,
    deps,
  );
}

/** A person runs a program of a skill: through the same gate as the model's calls. */
async function runByUser(name: string, { script, args }: SkillRun, deps: SkillOperationsDeps): Promise<SkillRunResult> {
  // One that is there and may not run is what became of it; one that is not there cannot be run.
  deps.skills.shelf.get(name);
  const tool = deps.tools().find((one) => one.name === "run_skill_script");
  if (tool === undefined) throw new MargayError("not_configured", "Programs of skills cannot be run here.");
  const { status, summary, output } = await tool.call({
    id: `skill:${deps.newId()}`,
    turnId: null,
    taskId: null,
    conversationId: null,
    input: { skill: name, script, args },
    origin: "user",
    tainted: false,
    suspicious: false,
    provenance: { word: new UserWord([]), given: new Set() },
    profile: null,
    saidAt: deps.now(),
    signal: new AbortController().signal,
  });
  // A program that ended badly is a call that was done; for whoever ran it, it failed.
  const broke = status === "done" && typeof output === "object" && output !== null && "error" in output;
  return { status: broke ? "failed" : status, summary, output };
}
