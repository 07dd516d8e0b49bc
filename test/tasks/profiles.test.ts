import { expect, test } from "vitest";
import { covers } from "../../src/permission/capability.ts";
import { BUILT_IN_PROFILES } from "../../src/tasks/built-in-profiles.ts";
import { COORDINATOR_CAPABILITIES, COORDINATOR_ONLY } from "../../src/tasks/profile.ts";
import { ProfileInput, TaskLimits, ProfilePatch } from "../../src/tasks/shapes.ts";
import { builtInTools, DEFAULT_GRANTS } from "../../src/tools/registry.ts";
import { taskHome } from "../support/task-home.ts";
import { standIn } from "./stand-in.ts";

const home = () => {
  const made = taskHome({ tools: [standIn("recall"), standIn("delegate"), standIn("change_settings")], stores: {} });
  made.gate.state.granted = ["memory.read", "net.fetch:*.example.com", "tasks.write", "settings.propose"];
  return made;
};
const input = (change: Partial<Parameters<typeof ProfileInput.parse>[0] & object> = {}) =>
  ProfileInput.parse({ name: "travel", purpose: "Plans trips", prompt: "Plan.", tools: ["recall"], ...change });

test("every built-in profile names tools that are there, capabilities that everybody has, and nothing of the coordinator's", () => {
  const names = new Set(builtInTools.map(({ name }) => name));
  for (const { name, tools, capabilities, limits } of BUILT_IN_PROFILES) {
    expect(TaskLimits.safeParse(limits).success, name).toBe(true);
    for (const tool of tools) {
      expect(names.has(tool), `${name}: ${tool}`).toBe(true);
      expect(COORDINATOR_ONLY.has(tool), `${name}: ${tool}`).toBe(false);
    }
    for (const wanted of capabilities) {
      expect(
        DEFAULT_GRANTS.some((have) => covers(have, wanted)),
        `${name}: ${wanted}`,
      ).toBe(true);
      expect(COORDINATOR_CAPABILITIES.test(wanted), `${name}: ${wanted}`).toBe(false);
    }
  }
});

test("Profiles keep one of the user's own, change it and delete it", () => {
  const { profiles, trail } = home();
  expect(profiles.add(input({ limits: { steps: 3 } }))).toMatchObject({
    name: "travel",
    built_in: false,
    limits: { steps: 3, minutes: 30 },
  });
  expect(profiles.update("travel", { purpose: "Plans journeys", limits: { minutes: 5 } })).toMatchObject({
    purpose: "Plans journeys",
    limits: { steps: 3, minutes: 5 },
  });
  expect(profiles.find("travel")?.purpose).toBe("Plans journeys");
  expect(profiles.list().profiles.at(-1)).toMatchObject({ name: "travel" });
  profiles.delete("travel");
  expect(profiles.find("travel")).toBeNull();
  expect(trail.map(({ summary }) => summary)).toEqual(["Profile travel made", "Profile travel changed", "Profile travel deleted"]);
});

test("Profiles refuse a name that is taken, and to change or shadow a built-in one", () => {
  const { profiles } = home();
  profiles.add(input());
  expect(() => profiles.add(input())).toThrow("already");
  expect(() => profiles.add(input({ name: "research" }))).toThrow("Margay's own");
  expect(() => profiles.update("research", { purpose: "x" })).toThrow("stays as it is");
  expect(() => profiles.delete("code")).toThrow("cannot be deleted");
  expect(() => profiles.get("nope")).toThrow("no profile called nope");
  for (const name of ["Travel", "1travel", "tra vel", "", "x".repeat(41)])
    expect(ProfileInput.safeParse({ ...input(), name }).success, name).toBe(false);
});

test("Profiles refuse tools that are not there or the coordinator's alone, and capabilities beyond what is granted", () => {
  const { profiles } = home();
  for (const tool of ["nope", "delegate", "change_settings"]) expect(() => profiles.add(input({ tools: [tool] })), tool).toThrow(tool);
  for (const wanted of ["memory.write", "net.fetch:*", "net.fetch:example.org", "tasks.write", "settings.propose", "not a capability"])
    expect(() => profiles.add(input({ capabilities: [wanted] })), wanted).toThrow("not granted");
  expect(() => profiles.add(input({ capabilities: ["secret.use"] }))).toThrow(/not granted.*it is "secrets\.use", or "secrets\.use:bank"/u);
  expect(profiles.add(input({ capabilities: ["net.fetch:a.example.com"] })).capabilities).toEqual(["net.fetch:a.example.com"]);
  expect(profiles.add(input({ name: "other" })).capabilities).toEqual(["memory.read", "net.fetch:*.example.com"]);
  expect(profiles.list().choices).toMatchObject({ tools: [{ name: "recall" }], capabilities: ["memory.read", "net.fetch:*.example.com"] });
});

test("ProfilePatch holds what was said and nothing else: what is left out stays", () => {
  expect(ProfilePatch.parse({ purpose: "Plans trips" })).toEqual({ purpose: "Plans trips" });
});
