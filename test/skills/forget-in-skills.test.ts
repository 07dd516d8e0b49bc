import { describe, expect, test } from "vitest";
import { Redaction } from "../../src/memory/redaction.ts";
import { forgetInSkills } from "../../src/skills/forget-in-skills.ts";
import { skillHome } from "../support/skill-home.ts";
import { folder, skillFile } from "./folder.ts";

describe("forgetInSkills()", () => {
  const forgotten = new Redaction([{ text: "The code word is swordfish-77", quote: null }]);
  const skill = (name: string, body: string) => folder({ "SKILL.md": skillFile(`name: ${name}\ndescription: Does a thing.`, body) });
  const own = { origin: "agent", trusted: true, tainted: false } as const;

  test("names what the user said yes to, and lets earlier versions of it go", () => {
    const home = skillHome();
    const forget = () => forgetInSkills(forgotten, home.deps.store, home.deps.transaction);
    home.install(skill("door", "Say swordfish-77."), own);
    home.enable("door");
    home.install(skill("door", "Say swordfish-77 twice."), own);
    home.install(skill("other", "Say hello."), own);
    home.install(skill("mine", "Say swordfish-77."));
    expect(forget()).toEqual(["door"]);
    expect(home.skills.get("door").versions.map(({ number }) => number)).toEqual([2]);
    home.install(skill("door", "Say hello."), own);
    expect(forget()).toEqual([]);
    expect(home.skills.get("door").versions.map(({ number }) => number)).toEqual([3]);
    // What the user installed is theirs.
    expect(home.skills.get("mine").versions).toHaveLength(1);
  });

  test("lets one go that was uninstalled, and could be brought back", () => {
    const home = skillHome();
    home.install(skill("door", "Say swordfish-77."), own);
    home.skills.uninstall("door", home.by);
    expect(forgetInSkills(forgotten, home.deps.store, home.deps.transaction)).toEqual([]);
    expect(home.deps.store.all()).toEqual([]);
  });
});
