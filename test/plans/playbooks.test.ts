import { describe, expect, test } from "vitest";
import { BUILT_IN_PLAYBOOKS } from "../../src/plans/built-in-playbooks.ts";
import { checkSteps, EVENT } from "../../src/plans/check-steps.ts";
import { isPlanGoal } from "../../src/plans/plan-goal.ts";
import { playbookWords, readPlaybookCall } from "../../src/plans/playbook-words.ts";
import { fillText, fillWork, namesIn, referencesOf } from "../../src/plans/references.ts";
import { PlaybookInput } from "../../src/plans/shapes.ts";
import { stepWorld } from "../../src/plans/step-world.ts";
import { BUILT_IN_PROFILES } from "../../src/tasks/built-in-profiles.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import { builtInTools, DEFAULT_GRANTS, type Stores } from "../../src/tools/registry.ts";
import { memoryGate } from "../support/memory-gate.ts";

describe("BUILT_IN_PLAYBOOKS", () => {
  const gate = memoryGate<Stores>({} as Stores, { granted: () => DEFAULT_GRANTS });
  const tools = builtInTools.map((tool) => compileTool(tool, gate.deps));
  const world = stepWorld({
    tools: () => tools,
    toolsOfProfile: (name) => BUILT_IN_PROFILES.find((profile) => profile.name === name)?.tools ?? null,
  });

  test("are at least five, with names of their own", () => {
    expect(BUILT_IN_PLAYBOOKS.length).toBeGreaterThanOrEqual(5);
    expect(new Set(BUILT_IN_PLAYBOOKS.map(({ name }) => name)).size).toBe(BUILT_IN_PLAYBOOKS.length);
  });

  for (const playbook of BUILT_IN_PLAYBOOKS)
    test(`${playbook.name} is valid, filled in too, and uses every variable and step that it has`, () => {
      expect(PlaybookInput.parse(playbook)).toEqual(playbook);
      const names = playbook.variables.map(({ name }) => name);
      checkSteps(playbook.steps, [...names, EVENT], world);
      const filled = playbook.steps.map((step) => ({
        ...step,
        work: fillWork(step.work, (name) => (names.includes(name) ? "boats" : undefined)),
      }));
      checkSteps(filled, [], world);
      expect(namesIn(fillText(playbook.goal, (name) => (names.includes(name) ? "boats" : undefined)))).toEqual([]);
      const used = new Set([...playbook.steps.flatMap(({ work, after }) => [...referencesOf(work), ...after]), ...namesIn(playbook.goal)]);
      expect(names.filter((name) => !used.has(name))).toEqual([]);
      // Whatever a step finds goes on to another, but for what comes last.
      const last = playbook.steps.filter(({ name }) => !used.has(name));
      expect(last.length).toBe(1);
      // None asks anybody, whatever is filled in: the tools read, or write the user's own.
      for (const { work } of filled)
        if (work.kind === "tool") {
          const tool = tools.find(({ name }) => name === work.tool);
          expect(
            tool?.foresee?.({
              input: work.input,
              tainted: true,
              provenance: { word: { names: () => false } as never, given: new Set() },
              taskId: null,
            }).kind,
          ).toBe("allow");
        }
    });
});

describe("readPlaybookCall()", () => {
  test("reads a name and variables, quoted or not", () => {
    expect(readPlaybookCall(`run trip-plan place=Oslo dates="3 to 7 June" wishes='a sauna' from=“home”`)).toEqual({
      name: "trip-plan",
      variables: { place: "Oslo", dates: "3 to 7 June", wishes: "a sauna", from: "home" },
    });
    expect(readPlaybookCall("the playbook weekly-review")).toEqual({ name: "weekly-review", variables: {} });
    expect(readPlaybookCall(playbookWords({ name: "a-b", variables: { x: "y z" } }))).toEqual({ name: "a-b", variables: { x: "y z" } });
  });

  test("asks back where it does not understand", () => {
    expect(() => readPlaybookCall("")).toThrow("Say the playbook's name");
    expect(() => readPlaybookCall("trip-plan Oslo in May")).toThrow("name=value");
  });
});

test("isPlanGoal() tells a goal from what is about plans that are there", () => {
  const goal = (args: string): boolean => isPlanGoal({ name: "plan", args });
  for (const args of [
    "a trip to Oslo",
    "run a marathon in May",
    "show 3 options for lunch",
    "cancel my subscriptions",
    "approve 3 loans by friday, please!",
  ])
    expect(goal(args), args).toBe(true);
  for (const args of [
    "",
    "list",
    "show 3",
    "run 3",
    "run #3",
    "approve 3",
    "approve 3 find_flights",
    "reject 3 a, b",
    "cancel 3",
    "save 3 as my-trip",
    "run",
  ])
    expect(goal(args), args).toBe(false);
  expect(isPlanGoal({ name: "task", args: "a trip" })).toBe(false);
});
