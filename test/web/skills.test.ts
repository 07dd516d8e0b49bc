import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainPermissions } from "../../src/skills/explain.ts";
import { DEFAULT_GRANTS } from "../../src/tools/registry.ts";
import { foldersOf, type Skill, type SkillPermissions } from "../../src/web/api/skills.ts";
import { type DiffLine, lineDiff } from "../../src/skills/line-diff.ts";
import { visibleText } from "../../src/web/lib/visible-text.ts";
import { addressOf, arrivalOf } from "../../src/web/skills/arrival.ts";
import { grantOf, isGrave, permissionsIn, permissionWords } from "../../src/web/skills/permission-words.ts";
import { broughtWords, findingWords, placeOf, usageFacts, waits } from "../../src/web/skills/skill-words.ts";

const asked: SkillPermissions = {
  capabilities: ["todos.read", "net.fetch:*", "email.send:@example.com", "odd.thing"],
  hosts: ["api.example.com"],
  paths: { read: ["/papers"], write: ["/"] },
  secrets: ["CRM_KEY"],
  tools: ["list_todos"],
};

describe("permissionsIn(), grantOf()", () => {
  test("everything that is asked for can be chosen, and what was chosen is granted, nothing else", () => {
    const all = permissionsIn(asked);
    expect(new Set(all.map(({ key }) => key)).size).toBe(9);
    expect(grantOf(asked, new Set(all.map(({ key }) => key)))).toEqual(asked);
    expect(grantOf(asked, new Set(["read /papers", "secret OTHER", "write /papers"]))).toEqual({
      capabilities: [],
      hosts: [],
      paths: { read: ["/papers"], write: [] },
      secrets: [],
      tools: [],
    });
  });

  test("what cannot be taken back is chosen one by one", () => {
    expect(
      permissionsIn({ ...asked, capabilities: [...asked.capabilities, "secrets.use", "secrets.use:BANK", "browser.use"], hosts: ["*"] })
        .filter(isGrave)
        .map(({ key }) => key),
    ).toEqual(["capability secrets.use", "capability secrets.use:BANK", "capability browser.use", "host *", "secret CRM_KEY"]);
  });
});

describe("permissionWords()", () => {
  test("says what each lets it do", () => {
    expect(permissionsIn(asked).map(permissionWords)).toEqual([
      "Read your to-dos",
      "Open any address on the network",
      "Send mail, only @example.com",
      "“odd.thing”, which is not known here",
      "Its programs may use: List to-dos",
      "Its programs may read /papers",
      "Its programs may write in all your files",
      "Reach api.example.com on the network",
      "Use your secret CRM_KEY",
    ]);
  });

  test("knows every capability that there is, as the server does", () => {
    for (const name of [...DEFAULT_GRANTS, "email.send", "files.delete"]) {
      expect(explainPermissions({ ...asked, capabilities: [name] })[0]).not.toContain("not known");
      expect(permissionWords({ key: "", kind: "capability", value: name })).not.toContain("not known");
    }
  });
});

describe("lineDiff()", () => {
  const side = (lines: readonly DiffLine[], kind: "added" | "removed"): string[] =>
    lines.flatMap((line) => (line.kind === kind || line.kind === "same" ? [line.text] : []));

  test("shows what changed with a few lines around", () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`).join("\n");
    expect(lineDiff(before, before.replace("line 10", "other"))).toEqual([
      { kind: "gap", lines: 7 },
      ...["line 7", "line 8", "line 9"].map((text) => ({ kind: "same", text })),
      { kind: "removed", text: "line 10" },
      { kind: "added", text: "other" },
      ...["line 11", "line 12", "line 13"].map((text) => ({ kind: "same", text })),
      { kind: "gap", lines: 6 },
    ]);
    expect(lineDiff(before, before)).toEqual([]);
    expect(lineDiff("", "a\nb\n")).toEqual(["a", "b"].map((text) => ({ kind: "added", text })));
  });

  test("both texts are in it, whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 6 });
    fc.assert(
      fc.property(text, text, (old, now) => {
        const lines = lineDiff(`${old.join("\n")}\nend`, `${now.join("\n")}\nend`);
        if (lines.length === 0) expect(old.join("\n")).toBe(now.join("\n"));
        else if (lines.every(({ kind }) => kind !== "gap")) {
          expect(side(lines, "removed")).toEqual([...old.join("\n").split("\n"), "end"]);
          expect(side(lines, "added")).toEqual([...now.join("\n").split("\n"), "end"]);
        }
      }),
    );
  });

  test("what differs by too much is shown whole", () => {
    const many = (word: string): string => Array.from({ length: 3_000 }, (_, index) => `${word}${index}`).join("\n");
    const lines = lineDiff(many("a"), many("b"));
    expect(lines).toHaveLength(6_000);
    expect(lines[2_999]).toEqual({ kind: "removed", text: "a2999" });
  });
});

describe("visibleText()", () => {
  test("writes out what is hidden or turns text around, and leaves the rest", () => {
    expect(visibleText("a\u202Eb\u200Bc\u{E0041}\u0000\tÄ 漢 ✔️ 🙂\r\n")).toBe("a⟨U+202E⟩b⟨U+200B⟩c⟨U+E0041⟩⟨U+0000⟩\tÄ 漢 ✔️ 🙂\r\n");
    expect(visibleText("\u3164\u{E0101}\u2066")).toBe("⟨U+3164⟩⟨U+E0101⟩⟨U+2066⟩");
  });
});

describe("arrivalOf()", () => {
  const file = (name: string, path = ""): File => Object.assign(new File(["x"], name), { webkitRelativePath: path });

  test("takes one zip, a folder with a SKILL.md, or a SKILL.md alone", () => {
    expect(arrivalOf([file("a.zip")])).toMatchObject({ kind: "zip" });
    expect(arrivalOf([file("SKILL.md", "plants/SKILL.md"), file("a.js", "plants/scripts/a.js")])).toMatchObject({
      kind: "files",
      files: [{ path: "plants/SKILL.md" }, { path: "plants/scripts/a.js" }],
    });
    expect(arrivalOf([file("skill.md")])).toMatchObject({ kind: "files" });
  });

  test("nothing else", () => {
    expect(arrivalOf([])).toBeNull();
    expect(arrivalOf([file("photo.png")])).toBeNull();
    expect(arrivalOf([file("a.zip"), file("b.zip")])).toBeNull();
  });
});

describe("addressOf()", () => {
  test("takes an address as it is read aloud", () => {
    expect(addressOf(" github.com/a/b ")).toBe("https://github.com/a/b");
    expect(addressOf("https://github.com/a/b")).toBe("https://github.com/a/b");
    expect(addressOf("ftp://a")).toBe("ftp://a");
  });
});

describe("foldersOf()", () => {
  test("reads the folders to choose from out of any answer", () => {
    expect(foldersOf({ error: { code: "invalid_request", message: "", details: { folders: ["a", 1, "b"] } } })).toEqual(["a", "b"]);
    for (const other of [null, "x", {}, { error: null }, { error: { details: [] } }]) expect(foldersOf(other)).toEqual([]);
  });
});

describe("words of a skill in the list", () => {
  const none = { capabilities: [], hosts: [], paths: { read: [], write: [] }, secrets: [], tools: [] };
  const skill: Skill = {
    name: "a",
    title: "A",
    description: "",
    built_in: false,
    origin: "zip",
    state: "enabled",
    version: "0",
    waiting: null,
    risk: "L1",
    findings: { info: 2, warn: 0, danger: 0 },
    granted: none,
    trusted: true,
    usage: { reads: 1, runs: 3, succeeded: 2, failed: 1, ms: 10, micro_usd: 2_000, last_used_at: 1_000 },
    updated_at: 0,
    uninstalled_at: null,
  };

  test("broughtWords(): what comes with Margay was brought at no time", () => {
    expect(broughtWords(0, { created_at: 0, origin: "built-in" })).toBe("Comes with Margay");
    expect(broughtWords(0, { created_at: 0, origin: "paste" })).toMatch(/^Today, .*, pasted$/);
  });

  test("placeOf(): the one in use, the one that would be, the one that waits", () => {
    const skills = { ...skill, waiting: "2" };
    expect(["0", "1", "2"].map((version) => placeOf(skills, { version }))).toEqual([", in use", "", ", waiting"]);
    expect(placeOf({ ...skill, state: "disabled" }, { version: "0" })).toBe(", used when enabled");
  });

  test("usageFacts() says how often, how it went and what it cost", () => {
    expect(usageFacts(1_000, skill)).toEqual(["used 4 times, last today", "2 of 3 runs went well", "$0.0020"]);
    expect(usageFacts(0, { usage: { ...skill.usage, reads: 0, runs: 0 } })).toEqual([]);
  });

  test("findingWords() leaves out what is only good to know", () => {
    expect(findingWords(skill)).toBeNull();
    expect(findingWords({ findings: { info: 0, warn: 1, danger: 0 } })).toEqual({ words: "1 thing to look at", danger: false });
    expect(findingWords({ findings: { info: 0, warn: 4, danger: 2 } })).toEqual({ words: "2 dangerous findings", danger: true });
  });

  test("waits(): what was never looked at, and a version that was not let in", () => {
    expect(waits(skill)).toBe(false);
    expect(waits({ ...skill, state: "new" })).toBe(true);
    expect(waits({ ...skill, state: "new", built_in: true })).toBe(false);
    expect(waits({ ...skill, waiting: "1" })).toBe(true);
  });
});
