import { describe, expect, test } from "vitest";
import { MargayError } from "../../src/errors.ts";
import { INLINE_BYTES } from "../../src/workspace/workspace.ts";
import { encodeLegacy } from "../support/encode-legacy.ts";
import { USER, bytes } from "../support/files-home.ts";
import { codeHome, type Program } from "./code-home.ts";

const write = (path: string, text: string) => ({ kind: "write" as const, path, base64: btoa(text) });
const read = (path: string) => ({ kind: "read" as const, path });

describe("files from code", () => {
  test("run() writes all files at the end, and one undo takes all of them back", async () => {
    const home = codeHome();
    await home.files.workspace.write("/outputs/old.txt", bytes("before"), USER);
    const outcome = await home.run(async (ask) => {
      await ask(write("/outputs/new.txt", "new"));
      await ask(write("/outputs/old.txt", "after"));
      expect(home.files.paths("/outputs")).toEqual(["/outputs/old.txt"]);
      return atob(String(await ask(read("/outputs/new.txt"))));
    });
    expect(outcome).toMatchObject({ output: { value: "new", files_written: ["/outputs/new.txt", "/outputs/old.txt"] } });
    expect(await home.files.text("/outputs/old.txt")).toBe("after");
    const receipt: unknown = JSON.parse(home.gate.log.rows.get("t1:0.0")?.receipt ?? "null");
    const undone = await home.outer.undo?.({ callId: "t1:0.0", receipt, signal: new AbortController().signal });
    expect(undone).toMatchObject({ status: "done" });
    expect(home.files.paths("/outputs")).toEqual(["/outputs/old.txt"]);
    expect(await home.files.text("/outputs/old.txt")).toBe("before");
  });

  test("run() writes nothing when the code fails, and says so", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => {
      await ask(write("/outputs/a.txt", "a"));
      throw new TypeError("no");
    });
    expect(outcome).toMatchObject({ output: { error: { name: "TypeError" }, not_written_since_it_failed: ["/outputs/a.txt"] } });
    expect(home.files.paths("/outputs")).toEqual([]);
  });

  test("run() writes none where one cannot be written", async () => {
    const home = codeHome();
    const outcome = await home.run(async (ask) => {
      await ask(write("/outputs/a.txt", "a"));
      // In the way of a folder.
      await ask(write("/outputs/a.txt/b.txt", "b"));
    });
    expect(outcome.status).toBe("failed");
    expect(home.files.paths("/outputs")).toEqual([]);
  });

  test("run() takes back what it can where one cannot be written, says why, and leaves what the user changed meanwhile", async () => {
    const home = codeHome();
    const { workspace, deps } = home.files;
    deps.bytes.put = async () => {
      await workspace.write("/outputs/b.txt", bytes("mine"), USER);
      throw new MargayError("internal", "The storage does not answer.");
    };
    const outcome = await home.run(async (ask) => {
      for (const name of ["a", "b", "c"]) await ask(write(`/outputs/${name}.txt`, name));
      await ask(write("/outputs/d.txt", "d".repeat(INLINE_BYTES + 1)));
    });
    expect(outcome).toMatchObject({ status: "failed", summary: "The storage does not answer." });
    expect([home.files.paths("/outputs"), await home.files.text("/outputs/b.txt")]).toEqual([["/outputs/b.txt"], "mine"]);
  });

  test("run() that is ended while it writes can be taken back as far as it came", async () => {
    const home = codeHome();
    const row = () => home.gate.log.rows.get("t1:0.0");
    let receipt: string | null | undefined;
    home.files.deps.bytes.put = async () => {
      receipt = row()?.receipt;
      throw new MargayError("internal", "The storage does not answer.");
    };
    const program: Program = async (ask) => {
      await ask(write("/outputs/a.txt", "a"));
      await ask(write("/outputs/d.txt", "d".repeat(INLINE_BYTES + 1)));
    };
    await home.run(program);
    expect(JSON.parse(receipt ?? "null")).toMatchObject({ files: [{ path: "/outputs/a.txt" }] });
    // What went back again is not there to be taken back.
    expect(row()?.receipt).toBeNull();
  });

  test("run() marks what it writes where it read a file from outside, and its result", async () => {
    const home = codeHome();
    await home.files.workspace.write("/uploads/a.csv", bytes("a,b"), { ...USER, untrusted: "a file that was uploaded" });
    const outcome = await home.run(async (ask) => {
      await ask(write("/outputs/copy.csv", atob(String(await ask(read("/uploads/a.csv"))))));
    });
    expect(outcome.untrusted).toBe("code that read file /uploads/a.csv");
    expect(home.files.workspace.get("/outputs/copy.csv").untrusted).toBe("code that read file /uploads/a.csv");
  });

  test("run() gives text as text, whatever wrote it: marked as any reading, where it may be read, and only where it is text", async () => {
    const home = codeHome();
    const cyrillic = encodeLegacy("Имя;Город\r\nИван;Москва\r\nОльга;Казань\r\n", "windows-1251");
    await home.files.workspace.write("/notes/cities.csv", cyrillic, { ...USER, untrusted: "a file that was uploaded" });
    await home.files.workspace.write("/notes/a.zip", Uint8Array.from([80, 75, 3, 4, 0, 0]), USER);
    await home.files.workspace.write("/private/b.md", bytes("b"), USER);
    home.state.capabilities = ["code.run", "files.read:/notes"];
    const outcome = await home.run(async (ask) => {
      const tried = (path: string) => ask({ kind: "text", path }).catch(({ message }: Error) => message);
      return [await tried("/notes/cities.csv"), await tried("/notes/a.zip"), await tried("/private/b.md")];
    });
    expect(outcome).toMatchObject({
      output: {
        value: [
          "Имя;Город\r\nИван;Москва\r\nОльга;Казань\r\n",
          "/notes/a.zip is no text. Read it with files.readBytes.",
          "/private/b.md may not be read here.",
        ],
      },
      untrusted: "code that read file /notes/cities.csv",
    });
  });

  test.each(["/../x", "/a/../../x", "relative/../..", "/a\u0000b", "", "/"])("run() refuses to write %j", async (path) => {
    const home = codeHome();
    const { output } = await home.run(async (ask) => ask(write(path, "x")));
    expect(output).toMatchObject({ error: { name: "FileError" } });
  });

  test("run() gives files only where both the user and the profile do, folder by folder", async () => {
    const home = codeHome();
    await home.files.workspace.write("/notes/a.md", bytes("a"), USER);
    await home.files.workspace.write("/private/b.md", bytes("b"), USER);
    home.state.capabilities = ["code.run", "files.read:/notes"];
    let scope: unknown = null;
    const { output } = await home.run(async (ask, request) => {
      scope = request.scope.files;
      const tried = (asked: Parameters<typeof ask>[0]) => ask(asked).then(JSON.stringify, ({ message }: Error) => message);
      return [
        await tried(read("/notes/a.md")),
        await tried(read("/private/b.md")),
        await tried(write("/notes/c.md", "c")),
        await tried({ kind: "list", path: "/" }),
      ];
    });
    expect(scope).toEqual({ read: true, write: false });
    expect(output).toMatchObject({
      value: [
        JSON.stringify(btoa("a")),
        "/private/b.md may not be read here.",
        "/notes/c.md may not be written here.",
        expect.not.stringContaining("private"),
      ],
    });
  });

  test("run() lists a folder without reading what lies elsewhere", async () => {
    const home = codeHome();
    for (const path of ["/notes/a.md", "/notes/b/c.md", "/notes.md", "/other/d.md"])
      await home.files.workspace.write(path, bytes("x"), USER);
    const { store } = home.files;
    const below = store.below.bind(store);
    const asked: string[] = [];
    store.below = (folder, limit) => (asked.push(folder), below(folder, limit));
    const { output } = await home.run(async (ask) => [
      await ask({ kind: "list", path: "/notes" }),
      await ask({ kind: "list", path: "/notes.md" }),
      await ask({ kind: "list", path: "/nothing" }),
    ]);
    expect(output).toMatchObject({ value: [[{ path: "/notes/a.md" }, { path: "/notes/b/c.md" }], [{ path: "/notes.md" }], []] });
    expect(asked).toEqual(["/notes", "/nothing"]);
  });

  test("run() does not go around a user who wants to be asked before files are written", async () => {
    const home = codeHome();
    home.gate.state.policies["write_file"] = "ask";
    const { output } = await home.run(async (ask, request) => [
      request.scope.files.write,
      await ask(write("/outputs/a", "a")).catch(({ name }: Error) => name),
    ]);
    expect(output).toEqual({ value: [false, "FileError"] });
  });
});
