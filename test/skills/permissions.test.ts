import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainSkill } from "../../src/skills/explain.ts";
import { readPermissions } from "../../src/skills/read-permissions.ts";
import { readSkill } from "../../src/skills/read-skill.ts";
import { riskOf } from "../../src/skills/risk.ts";
import { SkillWord } from "../../src/skills/skill-scope.ts";
import { noPermissions, type Skill, type SkillPermissions } from "../../src/skills/skill.ts";
import { wantsMore } from "../../src/skills/wants-more.ts";
import { folder, skillFile } from "./folder.ts";

function skill(frontmatter: string, files: Record<string, string> = {}): Skill {
  const reading = readSkill(folder({ "SKILL.md": skillFile(`name: a\ndescription: b\n${frontmatter}`), ...files }), { folder: "a" });
  if (!reading.ok) throw new Error(reading.reason);
  return reading.skill;
}

describe("readPermissions()", () => {
  test("reads capabilities, hosts, paths, secrets and tools", () => {
    const { permissions, warnings } = readPermissions({
      capabilities: ["todos.read", "files.write:/notes"],
      hosts: ["api.github.com", "*.example.com"],
      paths: { read: ["/notes"], write: ["/out/./x"] },
      secrets: ["GITHUB_TOKEN"],
      tools: ["web_fetch"],
    });
    expect(warnings).toEqual([]);
    expect(permissions).toEqual({
      capabilities: ["todos.read", "files.write:/notes"],
      hosts: ["api.github.com", "*.example.com"],
      paths: { read: ["/notes"], write: ["/out/x"] },
      secrets: ["GITHUB_TOKEN"],
      tools: ["web_fetch"],
    });
  });

  test.each([
    ["an unknown field", { admin: true }],
    ["a text", "all"],
    ["a list", ["*"]],
    ["hosts that are none", { hosts: ["https://example.com/x", "a b", "", 7, { a: 1 }] }],
    ["hosts that are a whole top-level domain", { hosts: ["*.com", "*.com.", "*.%63om", "*.localhost"] }],
    ["paths that lead out", { paths: ["../etc", "/../etc", "~/x"] }],
    ["capabilities that are none", { capabilities: ["*", "TODOS", " todos.read"] }],
    ["names that are none", { secrets: ["a b", "*"], tools: ["*", "rm -rf"] }],
    ["other kinds of paths", { paths: { execute: ["/x"] } }],
  ])("%s asks for nothing, with a warning", (_what, value) => {
    const { permissions, warnings } = readPermissions(value);
    expect(permissions).toEqual(noPermissions());
    expect(warnings).not.toEqual([]);
  });

  test("hosts are shown as they are compared: nothing looks like another name", () => {
    const { permissions } = readPermissions({ hosts: ["\u0430pi.github.com", "evil%2eexample.com", "*.Example.COM:443", "ｅxample.org"] });
    expect(permissions.hosts).toEqual(["xn--pi-6kc.github.com", "evil.example.com", "*.example.com", "example.org"]);
  });

  test("any host, or any of a top-level domain, names no host that a program may go to", () => {
    const host = { name: "evil.com", port: null };
    expect(["*", "*.com", "*.com."].map((pattern) => new SkillWord([pattern]).namesHost(host))).toEqual([false, false, false]);
    expect(new SkillWord(["*.evil.com", "evil.com"]).namesHost(host)).toBe(true);
  });

  test("never throws and asks for nothing that is not in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { permissions } = readPermissions({ hosts: value, secrets: value, paths: value } as never);
        const said = JSON.stringify(value) ?? "";
        for (const name of permissions.secrets) expect(said).toContain(name);
      }),
    );
  });
});

describe("riskOf()", () => {
  test.each([
    ["text alone", "", {}, "L1"],
    ["reading capabilities", "permissions: {capabilities: [todos.read], paths: [/notes]}", {}, "L1"],
    ["writing", "permissions: {capabilities: [todos.write]}", {}, "L2"],
    ["a host", "permissions: {hosts: [example.com]}", {}, "L2"],
    ["paths to write", "permissions: {paths: {write: [/out]}}", {}, "L2"],
    ["a secret", "permissions: {secrets: [KEY]}", {}, "L3"],
    ["settings", "permissions: {capabilities: [settings.propose]}", {}, "L3"],
    ["deploying", "permissions: {capabilities: ['deploy:prod']}", {}, "L3"],
    ["a program", "", { "scripts/a.sh": "echo" }, "L2"],
    ["tools of another agent that write", "allowed-tools: Read, Bash(git:*)", {}, "L2"],
    ["tools of another agent that read", "allowed-tools: Read, Grep", {}, "L1"],
    ["keys of another program", 'metadata: {"openclaw":{"requires":{"env":["API_KEY"]}}}', {}, "L3"],
  ])("%s is %s %s %s", (_what, frontmatter, files, level) => {
    const risk = riskOf(skill(frontmatter, files));
    expect(risk.level).toBe(level);
    expect(risk.reasons.length > 0).toBe(level !== "L1");
  });

  test("what the files read counts, whatever is asked for", () => {
    const finding = { rule: "reads-credentials", severity: "warn" as const, file: "a.sh", line: 1, excerpt: "", why: "" };
    expect(riskOf(skill(""), [finding])).toMatchObject({ level: "L3", reasons: [{ from: "seen" }] });
  });
});

describe("explainSkill()", () => {
  test("says in sentences what it will be able to do", () => {
    const sentences = explainSkill(
      skill(
        "permissions:\n  capabilities: [todos.write, 'email.send:ana@example.com', 'net.fetch:*', what.ever]\n  hosts: [api.github.com]\n  secrets: [GITHUB_TOKEN]",
        { "scripts/go.sh": "echo" },
      ),
    );
    expect(sentences).toEqual([
      "It wants to change your to-dos.",
      "It wants to send mail, within: ana@example.com.",
      "It wants to open any address on the network.",
      'It wants "what.ever", which is not known here.',
      "It wants to reach these addresses, and no others: api.github.com.",
      "It wants to use these of your secrets: GITHUB_TOKEN.",
      "It brings a program: scripts/go.sh. Adding it runs nothing.",
    ]);
  });

  test("says so when it asks for nothing", () => {
    expect(explainSkill(skill(""))).toEqual(["It asks for no permissions: it is instructions that your agent reads."]);
  });
});

describe("wantsMore()", () => {
  const asks = (some: Partial<SkillPermissions>): SkillPermissions => ({ ...noPermissions(), ...some });

  test("nothing, when the new version asks for the same or less", () => {
    const before = asks({
      hosts: ["*.example.com"],
      paths: { read: ["/notes"], write: [] },
      capabilities: ["files.write:/out"],
      secrets: ["A", "B"],
    });
    expect(wantsMore(before, before)).toBeNull();
    expect(
      wantsMore(
        before,
        asks({
          hosts: ["api.example.com"],
          paths: { read: ["/notes/x"], write: [] },
          capabilities: ["files.write:/out/y"],
          secrets: ["A"],
        }),
      ),
    ).toBeNull();
  });

  test("exactly what was not covered before", () => {
    const before = asks({ hosts: ["example.com"], secrets: ["A"], paths: { read: ["/notes"], write: [] } });
    const after = asks({
      hosts: ["example.com", "*.example.com", "evil.example"],
      secrets: ["A", "B"],
      paths: { read: ["/notesx"], write: ["/notes"] },
      tools: ["x"],
    });
    expect(wantsMore(before, after)).toEqual(
      asks({ hosts: ["*.example.com", "evil.example"], secrets: ["B"], paths: { read: ["/notesx"], write: ["/notes"] }, tools: ["x"] }),
    );
  });

  test("whatever it asks for is more than nothing", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,8}$/), { minLength: 1 }), (secrets) => {
        expect(wantsMore(noPermissions(), asks({ secrets }))?.secrets ?? []).toEqual(secrets);
      }),
    );
  });
});
