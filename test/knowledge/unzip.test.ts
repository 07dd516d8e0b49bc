import { strToU8, zipSync, type Zippable } from "fflate";
import { describe, expect, test } from "vitest";
import { MAX_ZIP_ENTRIES } from "../../src/knowledge/parse/zip-directory.ts";
import { countZipFiles, isZipArchive, unzip, UNZIP_LIMITS, type UnzipLimits } from "../../src/knowledge/unzip.ts";
import { replaced } from "./make-pdf.ts";
import { SAMPLES } from "./samples.ts";

/** `path` for what is taken, `path: why` for what is not. */
async function taken(bytes: Uint8Array, limits: Partial<UnzipLimits> = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const one of unzip(bytes, { ...UNZIP_LIMITS, ...limits }))
    found.push("bytes" in one ? one.path : `${one.path}: ${one.skipped}`);
  return found;
}

const zip = (...paths: string[]): Uint8Array => zipSync(Object.fromEntries(paths.map((path) => [path, strToU8("text")])));
/** Unpacks to more than any honest file of its size. */
const BOMB: Zippable[string] = [new Uint8Array(18_000_000), { level: 1 }];

describe("unzip()", () => {
  test("gives files with their bytes, no folders", async () => {
    const found = [];
    for await (const one of unzip(
      zipSync({
        "a/b.md": strToU8("# Ä"),
        "empty.txt": new Uint8Array(),
        "stored.txt": [strToU8("s"), { level: 0 }],
        "c/": new Uint8Array(),
      }),
    ))
      found.push(one);
    expect(found.map((one) => [one.path, "bytes" in one ? new TextDecoder().decode(one.bytes) : one.skipped])).toEqual([
      ["a/b.md", "# Ä"],
      ["empty.txt", ""],
      ["stored.txt", "s"],
    ]);
  });

  test.each([
    ["../evil.md", "unsafe_path"],
    ["a/../../evil.md", "unsafe_path"],
    ["./a.md", "unsafe_path"],
    ["/etc/passwd", "unsafe_path"],
    ["C:/a.md", "unsafe_path"],
    ["a\\b.md", "unsafe_path"],
    ["a//b.md", "unsafe_path"],
    ["a\0.md", "unsafe_path"],
    ["a\n.md", "unsafe_path"],
    ["x".repeat(1_001), "unsafe_path"],
    [".obsidian/app.json", "hidden"],
    ["vault/.git/config", "hidden"],
    ["__MACOSX/._a.md", "hidden"],
    ["a/.DS_Store", "hidden"],
    ["a/Thumbs.db", "hidden"],
    ["more.zip", "archive"],
    ["more.tar.gz", "archive"],
  ])("does not take %j: %s", async (path, why) => {
    expect(await taken(zip("a.md", path))).toEqual(["a.md", `${path}: ${why}`]);
  });

  test("does not take links, files with a password, and names that are there already", async () => {
    const files: Zippable = {
      "a.md": strToU8("a"),
      link: [strToU8("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }],
      "A.md": strToU8("b"),
    };
    expect(await taken(zipSync(files))).toEqual(["a.md", "link: symlink", "A.md: duplicate"]);
    expect(await taken(replaced(zip("one.md", "two.md"), "two.md", "one.md"))).toEqual(["one.md", "one.md: duplicate"]);
    const locked = zip("a.md");
    locked[locked.length - 22 - 4 - 46 + 8] = 1;
    expect(await taken(locked)).toEqual(["a.md: encrypted"]);
  });

  test("a bomb is not taken, the files around it are", async () => {
    expect(await taken(zipSync({ "a.md": strToU8("a"), "bomb.txt": BOMB, "b.md": strToU8("b") }))).toEqual([
      "a.md",
      "bomb.txt: too_large",
      "b.md",
    ]);
    expect(await taken(zipSync({ "a.txt": new Uint8Array(2_000), "b.md": strToU8("b") }), { fileBytes: 1_000 })).toEqual([
      "a.txt: too_large",
      "b.md",
    ]);
  }, 30_000);

  test("throws when all together is too large, whatever sizes the archive says", async () => {
    const bytes = zipSync({ "a.txt": [new Uint8Array(1_000), { level: 0 }], "b.txt": [new Uint8Array(1_000), { level: 0 }] });
    await expect(taken(bytes, { totalBytes: 1_500 })).rejects.toMatchObject({ code: "too_large" });
    const lying = zipSync({ "a.txt": new Uint8Array(1_000) });
    new DataView(lying.buffer, lying.byteOffset).setUint32(lying.length - 22 - 5 - 46 + 24, 3, true);
    expect(await taken(lying)).toEqual(["a.txt: damaged"]);
    await expect(taken(lying, { totalBytes: 500 })).rejects.toMatchObject({ code: "too_large" });
  });

  test("throws for more entries than there may be, and for what is damaged", async () => {
    const files: Zippable = {};
    for (let index = 0; index <= MAX_ZIP_ENTRIES; index++) files[`${index}`] = [new Uint8Array(), { level: 0 }];
    await expect(taken(zipSync(files))).rejects.toMatchObject({ code: "too_large" });
    await expect(taken(zip("a.md").subarray(0, 60))).rejects.toMatchObject({ code: "damaged" });
    await expect(taken(strToU8("PK\x03\x04"))).rejects.toMatchObject({ code: "damaged" });
  });

  test("unpacks a file only when it is asked for", async () => {
    const files = unzip(zipSync({ "a.md": strToU8("a"), "bomb.txt": BOMB }), { ...UNZIP_LIMITS, totalBytes: 100 });
    expect((await files.next()).value).toMatchObject({ path: "a.md" });
    await expect(files.next()).rejects.toMatchObject({ code: "too_large" });
  }, 30_000);
});

test("isZipArchive() is true for folders, false for documents that are zips and for anything else", () => {
  const of = (name: string): boolean => isZipArchive(SAMPLES[name]?.() ?? new Uint8Array());
  expect([of("a.zip"), of("a.docx"), of("a.pdf"), isZipArchive(strToU8("PK\x03\x04"))]).toEqual([true, false, false, false]);
  expect(countZipFiles(SAMPLES["a.zip"]?.() ?? new Uint8Array())).toBe(2);
});
