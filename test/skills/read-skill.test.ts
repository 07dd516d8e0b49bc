import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSkill } from "../../src/skills/read-skill.ts";
import type { FolderEntry, Skill } from "../../src/skills/skill.ts";
import { folder, skillFile } from "./folder.ts";

const read = (files: Record<string, string | Uint8Array>, name: string | null = "pdf-tools") => readSkill(folder(files), { folder: name });

function skillOf(files: Record<string, string | Uint8Array>, name: string | null = "pdf-tools"): { skill: Skill; warnings: string[] } {
  const reading = read(files, name);
  if (!reading.ok) throw new Error(reading.reason);
  return reading;
}

const only = (frontmatter: string, body?: string) => skillOf({ "SKILL.md": skillFile(frontmatter, body) });
const reasonFor = (files: Record<string, string | Uint8Array>, name: string | null = "pdf-tools"): string => {
  const reading = read(files, name);
  return reading.ok ? "" : reading.reason;
};

describe("readSkill()", () => {
  test("reads what the standard describes without a warning", () => {
    const { skill, warnings } = skillOf({
      "SKILL.md": skillFile(
        "name: pdf-tools\ndescription: Fills forms.\nlicense: MIT\ncompatibility: Needs Python.\nmetadata:\n  author: ana\nallowed-tools: Read Bash(git add:*)",
      ),
      "scripts/fill.py": "print(1)",
      "references/forms.md": "# Forms",
      "assets/logo.png": new Uint8Array([0x89, 0x50, 0, 1]),
    });
    expect(warnings).toEqual([]);
    expect(skill).toMatchObject({
      name: "pdf-tools",
      title: "pdf-tools",
      description: "Fills forms.",
      license: "MIT",
      compatibility: "Needs Python.",
    });
    expect(skill.metadata).toEqual({ author: "ana" });
    expect(skill.needs.tools).toEqual(["Read", "Bash(git add:*)"]);
    expect(skill.body).toBe("# How\n\nDo it.");
    expect(skill.files.map(({ path, kind }) => [path, kind])).toEqual([
      ["SKILL.md", "instructions"],
      ["assets/logo.png", "asset"],
      ["references/forms.md", "reference"],
      ["scripts/fill.py", "script"],
    ]);
  });

  test.each([
    ["an unquoted colon", "name: pdf-tools\ndescription: Fills forms. Use when: a PDF is given", "Fills forms. Use when: a PDF is given"],
    ["a text that begins with a star", "name: pdf-tools\ndescription: **Fills** forms", "**Fills** forms"],
    ["a text that begins with a bracket", "name: pdf-tools\ndescription: [beta] Fills forms", "[beta] Fills forms"],
    ["a missing closing quote", 'name: pdf-tools\ndescription: "Fills forms', "Fills forms"],
    ["tabs", "name: pdf-tools\ndescription: >\n\tFills\n\tforms", "Fills forms"],
    [
      "a folded text with a colon after bad fields",
      "name: pdf-tools\nbad: a: b\ndescription: >-\n  Fills: forms\n  well",
      "Fills: forms well",
    ],
  ])("reads %s with a warning", (_what, frontmatter, description) => {
    const { skill, warnings } = only(frontmatter);
    expect(skill.description).toBe(description);
    expect(warnings).not.toEqual([]);
  });

  test.each([
    ["a byte order mark and CRLF", "\uFEFF---\r\nname: pdf-tools\r\ndescription: Fills forms.\r\n---\r\nDo it.\r\n"],
    ["blank lines before", "\n\n---\nname: pdf-tools\ndescription: Fills forms.\n---\nDo it."],
    ["a comment before", "<!-- c -->\n---\nname: pdf-tools\ndescription: Fills forms.\n---\nDo it."],
    ["a heading before", "# PDF\n\n---\nname: pdf-tools\ndescription: Fills forms.\n---\nDo it."],
    ["more dashes", "-----\nname: pdf-tools\ndescription: Fills forms.\n-----\nDo it."],
    ["dots after", "---\nname: pdf-tools\ndescription: Fills forms.\n...\nDo it."],
    ["blanks after the dashes", "---  \nname: pdf-tools\ndescription: Fills forms.\n--- \nDo it."],
    ["no dashes after", "---\nname: pdf-tools\ndescription: Fills forms.\n\nDo it."],
    ["no dashes before", "name: pdf-tools\ndescription: Fills forms.\n---\nDo it."],
    ["a code block", "```yaml\nname: pdf-tools\ndescription: Fills forms.\n```\nDo it."],
    ["a whole file in a code block", "```markdown\n---\nname: pdf-tools\ndescription: Fills forms.\n---\nDo it."],
  ])("reads %s", (_what, text) => {
    const { skill } = skillOf({ "SKILL.md": text });
    expect(skill).toMatchObject({ name: "pdf-tools", description: "Fills forms.", body: "Do it." });
  });

  test.each([
    ["no SKILL.md", { "README.md": "x" }, "no SKILL.md"],
    ["no frontmatter", { "SKILL.md": "# PDF\n\nFills forms." }, "no frontmatter"],
    ["TOML", { "SKILL.md": "+++\nname='a'\n+++\n" }, "TOML"],
    ["an empty frontmatter", { "SKILL.md": "---\n\n---\nx" }, "empty"],
    ["no description", { "SKILL.md": skillFile("name: pdf-tools") }, "no description"],
    ["a blank description", { "SKILL.md": skillFile('name: pdf-tools\ndescription: "  "') }, "no description"],
    [
      "a description of nothing but hidden characters",
      { "SKILL.md": skillFile("name: pdf-tools\ndescription: \u200B\u2060") },
      "no description",
    ],
    ["a binary SKILL.md", { "SKILL.md": new Uint8Array([0x4d, 0x5a, 0, 0, 1]) }, "not text"],
    ["an enormous SKILL.md", { "SKILL.md": skillFile("name: a\ndescription: b", "x".repeat(1_100_000)) }, "larger than 1 MB"],
    ["an enormous frontmatter", { "SKILL.md": skillFile(`name: a\ndescription: ${"x".repeat(40_000)}`) }, "longer than 16 KB"],
  ])("refuses %s with the reason", (_what, files, reason) => {
    expect(reasonFor(files as Record<string, string>)).toContain(reason);
  });

  test("goes by the folder's name where it has none, and makes one of any name", () => {
    expect(only("description: Fills forms.").skill.name).toBe("pdf-tools");
    expect(reasonFor({ "SKILL.md": skillFile("description: x") }, null)).toContain("no name");
    expect(only("name: PDF Tools!\ndescription: x").skill).toMatchObject({ name: "pdf-tools", title: "PDF Tools!" });
    expect(only("name: ../../etc/passwd\ndescription: x").skill.name).toBe("etc-passwd");
    expect(only(`name: ${"a".repeat(300)}\ndescription: x`).skill.name).toHaveLength(64);
    expect(only("name: 文件\ndescription: x").skill.name).toBe("pdf-tools");
    expect(skillOf({ "SKILL.md": skillFile("name: 文件\ndescription: x") }, null).skill.name).toMatch(/^skill-[0-9a-f]{8}$/);
    expect(only("name: 42\ndescription: x").skill.name).toBe("42");
  });

  test("a name in letters that look like others is not the name it looks like", () => {
    // Cyrillic "а" and "о".
    expect(only("name: p\u0430ssw\u043Erd\ndescription: x").skill.name).toBe("p-ssw-rd");
  });

  test("takes hidden characters out of what is shown", () => {
    const { skill } = only("name: pdf-tools\ndescription: Fills\u200B forms\u{E0049}\u{E0067} \u202Esdrawkcab ⚠\uFE0F 👩\u200D💻");
    expect(skill.description).toBe("Fills forms sdrawkcab ⚠\uFE0F 👩\u200D💻");
  });

  test("cuts a long description with a warning", () => {
    const { skill, warnings } = only(`name: pdf-tools\ndescription: ${"word ".repeat(400)}`);
    expect(skill.description.length).toBeLessThanOrEqual(1_024);
    expect(warnings.join()).toContain("1,024");
  });

  test("the first of two same fields counts", () => {
    const { skill, warnings } = only("name: pdf-tools\ndescription: first\ndescription: second");
    expect(skill.description).toBe("first");
    expect(warnings.join()).toContain("twice");
  });

  test("survives alias bombs, deep nesting, prototypes and tags", () => {
    const bomb = [
      "a0: &a0 [x,x,x,x,x,x,x,x,x]",
      ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(",")}]`),
    ].join("\n");
    for (const more of [
      bomb,
      `deep: ${"[".repeat(8_000)}`,
      `deep: ${"{a: ".repeat(5_000)}`,
      "- ".repeat(5_000),
      "__proto__:\n  polluted: true",
      "x: !!js/function 'function(){}'",
      "x: !!python/object/apply:os.system ['id']",
    ]) {
      const reading = read({ "SKILL.md": skillFile(`name: pdf-tools\ndescription: Fills forms.\n${more}`) });
      if (reading.ok) expect(reading.skill.description).toContain("Fills forms.");
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("leaves out what leads out of the folder, links, and names that collide, and says so", () => {
    const entries: FolderEntry[] = [
      ...folder({
        "SKILL.md": skillFile("name: pdf-tools\ndescription: x"),
        "../evil.sh": "x",
        "/etc/x": "x",
        "C:\\x": "x",
        "a/../../b": "x",
        "Readme.md": "1",
        "README.md": "2",
      }),
      { path: "link", skipped: "are links" },
      { path: "other", skipped: "belong to another skill" },
    ];
    const reading = readSkill(entries, { folder: "pdf-tools" });
    expect(reading.ok && reading.skill.files.map(({ path }) => path)).toEqual(["SKILL.md", "Readme.md"]);
    expect(reading.warnings.join("\n")).toMatch(
      /lead out of its folder[^]*and 1 more[^]*name of another file[^]*are links were left out: link[^]*another skill were left out: other/,
    );
  });

  test("a SKILL.md that is a link is refused", () => {
    const reading = readSkill([{ path: "SKILL.md", skipped: "are links" }], { folder: "x" });
    expect(reading).toMatchObject({ ok: false, reason: expect.stringContaining("are links") });
  });

  test("reads other encodings with a warning", () => {
    const text = skillFile("name: pdf-tools\ndescription: Fills forms.");
    const utf16 = new Uint8Array([0xff, 0xfe, ...Array.from(text, (letter) => [letter.charCodeAt(0), 0]).flat()]);
    expect(skillOf({ "SKILL.md": utf16 }).warnings.join()).toContain("UTF-8");
    const latin = new Uint8Array([...new TextEncoder().encode(text), 0xe9]);
    expect(skillOf({ "SKILL.md": latin }).skill.description).toBe("Fills forms.");
  });

  test("reads what other programs say is needed, and asks for nothing by it", () => {
    const { skill } = only(
      'name: pdf-tools\ndescription: x\nmetadata: {"openclaw":{"requires":{"env":["PDF_KEY"],"bins":["qpdf"]},"primaryEnv":"PDF_TOKEN"}}',
    );
    expect(skill.needs).toEqual({ tools: [], environment: ["PDF_KEY", "PDF_TOKEN"], programs: ["qpdf"] });
    expect(skill.permissions).toEqual({ capabilities: [], hosts: [], paths: { read: [], write: [] }, secrets: [], tools: [] });
  });

  test("strict: what is only a warning otherwise is a refusal", () => {
    const strict = (frontmatter: string) =>
      readSkill(folder({ "SKILL.md": skillFile(frontmatter) }), { folder: "pdf-tools", strict: true });
    expect(strict("name: pdf-tools\ndescription: Fills forms.").ok).toBe(true);
    for (const bad of [
      "name: PDF\ndescription: x",
      "name: other\ndescription: x",
      "name: pdf-tools\ndescription: a: b",
      "name: pdf-tools\ndescription: x\nversion: 1",
      "name: pdf-tools\ndescription: x\npermissions:\n  root: true",
    ]) {
      expect(strict(bad).ok, bad).toBe(false);
    }
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.constant("SKILL.md"), fc.string()), fc.uint8Array({ maxLength: 300 })), { maxLength: 5 }),
        (entries) => {
          readSkill(
            entries.map(([path, bytes]) => ({ path, bytes })),
            { folder: "x" },
          );
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (frontmatter) => {
        const reading = read({ "SKILL.md": skillFile(frontmatter) });
        if (reading.ok) expect(reading.skill.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      }),
    );
  });
});
