import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WorkPath } from "../../src/sandbox/linux/contract.ts";
import { codeOf, NO_BUBBLEWRAP, type Sandbox, type SandboxSession, startSandbox } from "./support/sandbox.ts";

const text = strToU8;

describe.skipIf(NO_BUBBLEWRAP)("files", () => {
  let sandbox: Sandbox;
  let session: SandboxSession;
  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await sandbox.session();
  });
  afterAll(() => sandbox.stop());

  const clear = () => session.bash("find /work -mindepth 1 -delete");
  /** The same name and content, with what a zip says about the file. */
  const asSymlink = (to: string) => [text(to), { os: 3, attrs: 0o120777 << 16 }] as [Uint8Array, { os: number; attrs: number }];

  test("files go in and come out as they are: any bytes, any language, run bits, empty ones", async () => {
    const files = { "a/b/c.bin": randomBytes(200_000), "ü 日本 🎉.txt": text("hello"), empty: new Uint8Array(), ".hidden": text("x") };
    const put = await session.put({ ...files, "run.sh": [text("#!/bin/sh\necho ran\n"), { os: 3, attrs: 0o100755 << 16 }] });
    expect(put).toEqual({ written: 5, refused: [] });
    expect((await session.bash("./run.sh && wc -c < a/b/c.bin")).stdout).toBe("ran\n200000\n");
    const tree = await session.tree();
    expect(tree.complete).toBe(true);
    expect(tree.files.map(({ path, mode }) => [path, mode.toString(8)]).sort()).toEqual(
      [
        [".hidden", "644"],
        ["a/b/c.bin", "644"],
        ["empty", "644"],
        ["run.sh", "755"],
        ["ü 日本 🎉.txt", "644"],
      ].sort(),
    );
    const back = await session.read(tree.files.map(({ path }) => path));
    for (const [path, bytes] of Object.entries(files)) expect(Buffer.from(back[path] ?? []).equals(bytes), path).toBe(true);
    expect(await session.read(["not there"])).toEqual({});
    const gone = await session.delete(["a/b/c.bin", "not there"]);
    expect(gone).toEqual({ deleted: 1, refused: [{ path: "not there", reason: "missing" }] });
    expect((await session.bash("ls")).stdout).not.toContain("a\n");
    await clear();
  });

  test("tree tells a file that a program changed through a memory map, which changes no time", async () => {
    await session.put({ map: text("0".repeat(4096)) });
    const [before] = (await session.tree()).files;
    await session.python("import mmap\nwith open('map', 'r+b') as f: m = mmap.mmap(f.fileno(), 0); m[0:1] = b'1'; m.close()");
    const [after] = (await session.tree()).files;
    expect(after?.size).toBe(before?.size);
    expect(after?.sha256).not.toBe(before?.sha256);
    await clear();
  });

  test("symlinks, devices and names that cannot be said are told, and nothing is read through them", async () => {
    await session.python(`
import os, socket
os.symlink("/etc/passwd", "link"); os.symlink("/", "root"); os.symlink("loop", "loop")
os.mkdir("dir"); os.symlink("../../etc", "dir/etc"); os.mkfifo("pipe")
socket.socket(socket.AF_UNIX).bind("sock")
open(b"bad\\xff", "w").close(); open("back\\\\slash", "w").close(); open("line\\nbreak", "w").close()
open("locked", "w").write("x"); os.chmod("locked", 0); os.mkdir("hollow"); os.makedirs("/".join(["d"] * 80))
`);
    const tree = await session.tree();
    expect(tree.files).toEqual([]);
    const kinds = Object.fromEntries(tree.others.map(({ path, kind }) => [path, kind]));
    expect(kinds).toMatchObject({
      link: "symlink",
      root: "symlink",
      loop: "symlink",
      "dir/etc": "symlink",
      pipe: "special",
      sock: "special",
      "bad\ufffd": "unnameable",
      "back\\slash": "unnameable",
      "line\nbreak": "unnameable",
      locked: "unreadable",
      hollow: "empty-folder",
    });
    expect(tree.others.find(({ path }) => path === "link")?.target).toBe("/etc/passwd");
    expect(tree.others.some(({ kind }) => kind === "too-deep")).toBe(true);
    expect(await session.read(["link", "root/etc/passwd", "loop", "dir/etc/passwd", "pipe", "sock", "locked"])).toEqual({});
    await session.bash("chmod 600 locked; find /work -mindepth 1 -delete");
  });

  test("a zip writes nowhere but into the work folder: not by its names, not by symlinks in it, not by those that are there", async () => {
    await session.bash("ln -s /tmp out; ln -s /tmp/target file; mkdir folder; echo old > plain");
    const put = await session.put({
      "../../tmp/slip": text("x"),
      "/tmp/slip": text("x"),
      "a/../../slip": text("x"),
      "a\\..\\slip": text("x"),
      "out/slip": text("x"),
      evil: asSymlink("/etc/passwd"),
      file: text("replaces the link itself"),
      folder: text("x"),
      "plain/below": text("x"),
      good: text("good"),
    });
    const reasons = Object.fromEntries(put.refused.map(({ path, reason }) => [path, reason]));
    expect(reasons).toEqual({
      "../../tmp/slip": "bad-name",
      "/tmp/slip": "bad-name",
      "a/../../slip": "bad-name",
      "a\\..\\slip": "bad-name",
      "out/slip": "in-the-way",
      evil: "symlink",
      folder: "in-the-way",
      "plain/below": "in-the-way",
    });
    expect(put.written).toBe(2);
    const seen = await session.bash("ls /tmp /work/a 2>/dev/null; cat file; test -L file || echo ' a file'; cat good plain");
    expect(seen.stdout).toBe("/tmp:\nreplaces the link itself a file\ngoodold\n");
    await clear();
  });

  test("delete takes a symlink, never what it leads to, and no folder", async () => {
    await session.bash("echo keep > /tmp/keep; ln -s /tmp/keep link; ln -s /tmp up; mkdir -p full; echo x > full/x");
    const gone = await session.delete(["link", "up/keep", "full"]);
    expect(gone.deleted).toBe(1);
    expect(gone.refused.map(({ path }) => path)).toEqual(["up/keep", "full"]);
    expect((await session.bash("cat /tmp/keep full/x; rm /tmp/keep")).stdout).toBe("keep\nx\n");
    await clear();
  });

  test("a zip bomb fills its session's room and no more; what found no room is told", async () => {
    const small = await sandbox.session({ limits: { diskBytes: 5 << 20, fileBytes: 5 << 20 } });
    const zeros = new Uint8Array(2_000_000);
    const put = await small.put(Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`bomb${at}`, zeros])));
    expect(put.written).toBe(2);
    expect(put.refused.length).toBe(4);
    expect(put.refused.every(({ reason }) => reason === "no-room" || reason === "too-large")).toBe(true);
    expect((await small.bash("ls -A | wc -l; ls -A | grep -c margay; rm bomb*")).stdout).toBe("2\n0\n");
    expect(await small.put({ again: text("x") })).toEqual({ written: 1, refused: [] });
    await small.end();
  });

  test("what is no zip, a damaged one and one that lies is refused, and the session goes on", async () => {
    const put = (body: Uint8Array) => sandbox.fetch(`/v1/sessions/${session.id}/files`, { method: "PUT", body: Buffer.from(body) });
    for (const body of [new Uint8Array(), text("no zip at all"), randomBytes(10_000), zipSync({ a: text("x") }).subarray(0, 40)])
      expect(await codeOf(await put(body))).toBe("invalid_request");
    const zip = zipSync({ whole: text("whole"), broken: randomBytes(1_000) }, { level: 0 });
    zip.fill(7, zip.length - 700, zip.length - 300);
    expect(await session.put(zip)).toMatchObject({ written: 1, refused: [{ path: "broken", reason: "damaged" }] });
    const twice = zipSync({ one: text("1"), two: text("2") });
    for (let at = 0; at < twice.length - 3; at++)
      if (Buffer.from(twice.subarray(at, at + 3)).toString() === "two") twice.set(text("one"), at);
    expect((await session.put(twice)).refused).toEqual([{ path: "one", reason: "duplicate" }]);
    await clear();
  });

  test("an upload larger than the server takes is refused before it is unpacked", async () => {
    const small = await startSandbox({ SANDBOX_DISK_MB: "2" });
    const inside = await small.session({ limits: { diskBytes: 2 << 20, scratchBytes: 2 << 20 } });
    const put = small.fetch(`/v1/sessions/${inside.id}/files`, { method: "PUT", body: randomBytes(3 << 20) });
    expect(await codeOf(await put)).toBe("payload_too_large");
    expect((await inside.bash("echo on; ls -A /work /tmp | wc -c")).stdout).toContain("on\n");
    await small.stop();
  });

  test("1,000 small files go in and come out in one request each", async () => {
    const files = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`many/${at % 20}/file-${at}.txt`, text(`content ${at}`)]));
    expect((await session.put(files)).written).toBe(1_000);
    const tree = await session.tree();
    expect(tree.files.length).toBe(1_000);
    expect(Object.keys(await session.read(tree.files.map(({ path }) => path))).length).toBe(1_000);
    await clear();
  });

  test("both sides have one rule for names", async () => {
    const part = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
      fc.constantFrom("..", ".", "a", "\\", "\x7f", "\x85", "ü".repeat(130)),
    );
    const names = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(names, { minLength: 50, maxLength: 60 }), async (all) => {
        // What a zip cannot say, or says as a folder, is no matter of this rule.
        const usable = all.filter((name) => name.isWellFormed() && !name.endsWith("/") && !name.includes("\0") && name !== "");
        const { refused } = await session.put(Object.fromEntries(usable.map((name) => [name, new Uint8Array()])));
        const bad = new Set(refused.filter(({ reason }) => reason === "bad-name").map(({ path }) => path));
        for (const name of usable) expect(bad.has(name), JSON.stringify(name)).toBe(!WorkPath.safeParse(name).success);
        await clear();
      }),
      { numRuns: 2 },
    );
  });

  test("tree says so when there is more than its limit", async () => {
    const few = await sandbox.session({ limits: { files: 100 } });
    await few.bash("for i in $(seq 300); do : > f$i; done");
    const tree = await few.tree();
    expect(tree.complete).toBe(false);
    expect(tree.files.length).toBeLessThanOrEqual(101);
    await few.end();
  });
});
