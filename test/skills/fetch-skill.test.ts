import { strToU8, zipSync } from "fflate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EgressOptions, EgressResult } from "../../src/egress/egress-result.ts";
import { Egress } from "../../src/egress/client.ts";
import { chooseFolder } from "../../src/skills/choose-folder.ts";
import { fetchSkill } from "../../src/skills/fetch-skill.ts";
import { gitSource } from "../../src/skills/git-source.ts";
import { readSkill } from "../../src/skills/read-skill.ts";
import { readZip } from "../../src/skills/read-zip.ts";
import { writeZip } from "../../src/skills/write-zip.ts";
import { skillHome } from "../support/skill-home.ts";
import { folder, skillFile } from "./folder.ts";

const SKILL = skillFile("name: pdf\ndescription: Reads PDFs.");
const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

describe("gitSource()", () => {
  test.each([
    ["https://github.com/acme/skills", "https://codeload.github.com/acme/skills/zip/HEAD", ""],
    ["https://github.com/acme/skills.git", "https://codeload.github.com/acme/skills/zip/HEAD", ""],
    ["https://www.github.com/acme/skills/tree/v1.2/a/pdf/", "https://codeload.github.com/acme/skills/zip/v1.2", "a/pdf"],
    ["https://github.com/acme/skills/blob/main/a/pdf/SKILL.md?plain=1#L3", "https://codeload.github.com/acme/skills/zip/main", "a/pdf"],
    ["https://gitlab.com/group/sub/skills/-/tree/main/pdf", "https://gitlab.com/group/sub/skills/-/archive/main/skills-main.zip", "pdf"],
    ["https://gitlab.com/group/skills", "https://gitlab.com/group/skills/-/archive/HEAD/skills-HEAD.zip", ""],
  ])("reads %s", (address, archive, within) => {
    expect(gitSource(address)).toMatchObject({ archive, folder: within });
    expect(gitSource(gitSource(address).address)).toMatchObject({ archive, folder: within });
  });

  test.each([
    "http://github.com/acme/skills",
    "https://github.com.evil.example/acme/skills",
    "https://github.com@evil.example/acme/skills",
    "https://user:pass@github.com/acme/skills",
    "https://github.com:8443/acme/skills",
    "https://git.internal/acme/skills",
    "https://127.0.0.1/acme/skills",
    "https://[::1]/acme/skills",
    "https://169.254.169.254/latest/meta-data",
    "https://github.com/acme",
    "https://github.com/acme/skills/raw/main/x",
    "https://github.com/acme/skills/blob/main/run.sh",
    "https://github.com/acme/skills/tree/main/%2e%2e/%2e%2e/x",
    "https://github.com/acme/skills/tree/main/a%2fb",
    "https://github.com/..%2f..%2fx/skills",
    "ssh://git@github.com/acme/skills",
    "git@github.com:acme/skills.git",
    "file:///etc/passwd",
    "",
  ])("refuses %s", (address) => {
    expect(() => gitSource(address)).toThrow("GitHub or GitLab");
  });

  test("asks only the two hosts, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl({ validSchemes: ["https"] }),
          fc.string().map((text) => `https://github.com/${text}`),
          fc.string(),
        ),
        (text) => {
          try {
            const { archive } = gitSource(text);
            expect(["codeload.github.com", "gitlab.com"]).toContain(new URL(archive).host);
          } catch (error) {
            expect(error).toMatchObject({ code: "unsupported" });
          }
        },
      ),
    );
  });
});

describe("fetchSkill()", () => {
  const answering = (result: Partial<EgressResult>) => {
    const asked: { url: string; options: EgressOptions }[] = [];
    const egress = {
      async get(url: string, options: EgressOptions): Promise<EgressResult> {
        asked.push({ url, options });
        const answer = {
          ok: true as const,
          status: 200,
          url,
          mediaType: "application/zip",
          charset: null,
          headers: {},
          bytes: new Uint8Array(),
          truncated: false,
          hops: [url],
        };
        return { ...answer, ...result } as EgressResult;
      },
    };
    return { asked, egress };
  };
  const repository = () =>
    new Uint8Array(
      zip({
        "skills-main/README.md": "hi",
        "skills-main/a/pdf/SKILL.md": SKILL,
        "skills-main/a/pdf/scripts/x.js": "1",
        "skills-main/b/SKILL.md": SKILL,
      }),
    );

  test("takes the one folder that the address names, and follows nothing to another host", async () => {
    const { asked, egress } = answering({ bytes: repository() });
    const found = await fetchSkill("https://github.com/acme/skills/tree/main/a/pdf", "", { egress });
    expect(found).toMatchObject({ name: "pdf", source: "https://github.com/acme/skills/tree/main/a/pdf" });
    expect(found.entries.map(({ path }) => path)).toEqual(["SKILL.md", "scripts/x.js"]);
    expect(asked).toMatchObject([{ url: "https://codeload.github.com/acme/skills/zip/main", options: { follow: "same-host" } }]);
  });

  test("names the skills of a repository that holds several", async () => {
    const { egress } = answering({ bytes: repository() });
    await expect(fetchSkill("https://github.com/acme/skills", "", { egress })).rejects.toMatchObject({
      code: "invalid_request",
      message: "There are 2 skills in it: a/pdf, b. Say the folder of one.",
      details: { folders: ["a/pdf", "b"] },
    });
    const chosen = await fetchSkill("https://github.com/acme/skills", "a/pdf/", { egress });
    expect(chosen).toMatchObject({ name: "pdf", source: "https://github.com/acme/skills/tree/HEAD/a/pdf" });
    expect(await fetchSkill(chosen.source, "", { egress })).toEqual(chosen);
    await expect(fetchSkill("https://github.com/acme/skills", "c", { egress })).rejects.toThrow("There is no skill in the folder c");
  });

  test("says what is wrong with a repository that is not there, too large, or no zip", async () => {
    const failing = async (result: Partial<EgressResult>) => fetchSkill("https://github.com/acme/skills", "", answering(result));
    await expect(failing({ status: 404 })).rejects.toThrow("There is no such repository");
    await expect(failing({ status: 500 })).rejects.toThrow("answered 500");
    await expect(failing({ truncated: true })).rejects.toMatchObject({ code: "payload_too_large" });
    await expect(failing({ bytes: new Uint8Array(100) })).rejects.toThrow("damaged");
    await expect(failing({ ok: false, code: "timeout", message: "It took too long.", sent: true })).rejects.toThrow("It took too long.");
  });

  test("a name that resolves into the private network is not asked", async () => {
    const sent: string[] = [];
    const egress = new Egress({
      fetch: async (url) => (sent.push(url), new Response("")),
      resolve: async () => ({ kind: "addresses", addresses: ["10.0.0.7"] }),
    });
    await expect(fetchSkill("https://github.com/acme/skills", "", { egress })).rejects.toThrow("could not be fetched");
    expect(sent).toEqual([]);
  });
});

describe("readZip()", () => {
  test("finds its way in ten thousand folders, however they lie in each other", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `${"a".repeat(30)}${index}/SKILL.md`);
    expect(() => chooseFolder(many)).toThrow("There are 10000 skills in it");
    expect(chooseFolder(many.toReversed(), `${"a".repeat(30)}7`)).toBe(`${"a".repeat(30)}7`);
    expect(() => chooseFolder(["a/b/SKILL.md", "a-b/SKILL.md", "a/SKILL.md", "a.c/x/skill.md"])).toThrow("3 skills in it: a, a-b, a.c/x.");
    expect(chooseFolder(["a/SKILL.md", "SKILL.md"])).toBe("");
  });

  test("a path that leads out of it stays a name, which the reader leaves out", () => {
    const { entries } = readZip(zip({ "SKILL.md": SKILL, "../../etc/passwd": "x", "/abs": "x", "..\\w.txt": "x", "__MACOSX/._a": "x" }));
    const reading = readSkill(entries, { folder: null });
    expect(reading.ok && reading.skill.files.map(({ path }) => path)).toEqual(["SKILL.md"]);
    expect(reading.ok && reading.warnings.join(" ")).toContain("lead out of its folder");
  });

  test("what unpacks to more than 20 MB ends there, whatever it declares", () => {
    const bomb = zipSync({ "SKILL.md": strToU8(SKILL), "a.bin": new Uint8Array(60_000_000) });
    expect(bomb.length).toBeLessThan(200_000);
    expect(() => readZip(bomb)).toThrow(expect.objectContaining({ code: "payload_too_large" }));
    // Beside the skill it is not unpacked at all.
    const beside = zipSync({ "s/SKILL.md": strToU8(SKILL), "other/a.bin": new Uint8Array(60_000_000) });
    expect(readZip(beside).entries).toHaveLength(1);
  });

  test("never throws anything but a refusal, whatever bytes it gets", () => {
    const whole = zip({ "a/SKILL.md": SKILL, "a/b.md": "text" });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(whole.length), (changes, end) => {
        const bytes = whole.slice(0, Math.max(end, 1));
        for (const [at, value] of changes) bytes[at] = value;
        try {
          readZip(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: "MargayError" });
        }
      }),
    );
  });
});

describe("export and import", () => {
  test("give the same version back, whatever is in it", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9 ü_-]{1,12}$/).filter((text) => text.trim() === text);
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}.dat`);
    const files = fc.dictionary(path, fc.uint8Array({ maxLength: 300 }), { maxKeys: 6 });
    fc.assert(
      fc.property(files, fc.string({ unit: "grapheme", maxLength: 200 }), (extra, body) => {
        const first = skillHome();
        const { skill } = first.install(folder({ ...extra, "SKILL.md": skillFile("name: trip\ndescription: Plans.", body) }));
        const zipped = writeZip("trip", first.skills.export("trip", null));
        const second = skillHome();
        expect(second.install(readZip(zipped).entries).skill.version).toBe(skill.version);
        expect(writeZip("trip", second.skills.export("trip", null))).toEqual(zipped);
      }),
      { numRuns: 40 },
    );
  });
});
