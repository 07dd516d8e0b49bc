import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUILT_IN_FILES } from "../../src/skills/built-in-files.ts";
import { readSkill } from "../../src/skills/read-skill.ts";
import { riskOf } from "../../src/skills/risk.ts";
import { scanSkill } from "../../src/skills/scan/scan.ts";
import type { FolderEntry, RiskLevel, Skill } from "../../src/skills/skill.ts";
import { builtInTools } from "../../src/tools/registry.ts";

const FOLDER = join(import.meta.dirname, "../../skills");
const NAMES = readdirSync(FOLDER).toSorted();

function built(name: string): Skill {
  const entries: FolderEntry[] = readdirSync(join(FOLDER, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: path.slice(join(FOLDER, name).length + 1), bytes: readFileSync(path) };
    });
  const reading = readSkill(entries, { folder: name, strict: true });
  if (!reading.ok) throw new Error(`${name}: ${reading.reason}`);
  expect(reading.warnings).toEqual([]);
  return reading.skill;
}

/** As low as what each does allows. */
const RISKS: Readonly<Record<string, RiskLevel>> = {
  "daily-briefing": "L1",
  "email-draft": "L1",
  "expense-report": "L2",
  "meeting-summary": "L2",
  "research-report": "L2",
  timesheet: "L2",
  "trip-planner": "L2",
  "web-monitor": "L2",
  "weekly-review": "L2",
};
/** Tools of the loop, of code and of skills, which are made elsewhere than in the registry. */
const OTHER_TOOLS = ["run_skill_script", "run_javascript"];

describe("built-in skills", () => {
  test("are those that are described", () => {
    expect(NAMES).toEqual(Object.keys(RISKS).toSorted());
  });

  test("are in the Worker as they are in the folder (node scripts/bundle-skills.mjs)", () => {
    const files = NAMES.flatMap((name) => built(name).files.map(({ path, text }) => ({ path: `${name}/${path}`, text })));
    expect(files.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(BUILT_IN_FILES);
  });

  test.each(NAMES)("%s is read strictly without a warning, and the scan finds nothing in it", (name) => {
    const skill = built(name);
    expect(skill.name).toBe(name);
    expect(scanSkill(skill)).toEqual([]);
    expect(riskOf(skill).level).toBe(RISKS[name]);
    expect(skill.needs).toEqual({ tools: [], environment: [], programs: [] });
  });

  test.each(NAMES)("%s is short, says when to use it, and names only tools and files that exist", (name) => {
    const { body, description, files, permissions } = built(name);
    expect(body.length).toBeLessThan(4_000);
    expect(description.length).toBeLessThan(180);
    expect(description).toMatch(/Use (?:for|when|at)/);
    // The first sentence is what the agent is told of it, at most 90 characters.
    expect(/^[^.]+\./.exec(description)?.[0].length).toBeLessThanOrEqual(90);
    const tools = new Set([...builtInTools.map((tool) => tool.name), ...OTHER_TOOLS]);
    const named = [...body.matchAll(/`([a-z]+_[a-z_]+|schedule|recall|delegate)`/g)].flatMap(([, tool]) =>
      tool === undefined ? [] : [tool],
    );
    expect(named.filter((tool) => !tools.has(tool))).toEqual([]);
    expect(permissions.tools.filter((tool) => !tools.has(tool))).toEqual([]);
    const scripts = [...body.matchAll(/`(scripts\/[\w./-]+)`/g)].map(([, path]) => path);
    expect(scripts.toSorted()).toEqual(files.filter(({ kind }) => kind === "script").map(({ path }) => path));
  });

  test.each(NAMES)("%s asks for no secret, no host and no path outside /outputs", (name) => {
    const { permissions } = built(name);
    expect(permissions.secrets).toEqual([]);
    expect(permissions.hosts).toEqual([]);
    expect([...permissions.paths.read, ...permissions.paths.write].filter((path) => !path.startsWith("/outputs/"))).toEqual([]);
  });
});
