import { describe, expect, test } from "vitest";
import { tidyWorkspace } from "../../src/workspace/tidy.ts";
import { binary, bytes, filesHome, USER } from "../support/files-home.ts";

const AGENT = (key: string) => ({ author: "agent" as const, untrusted: null, key });

describe("a change of files that is cut off, late or repeated", () => {
  test("loses no bytes where R2 fails or the object ends before they are a file", async () => {
    const home = filesHome();
    home.faults.push(new Error("R2 is away"));
    await expect(home.workspace.write("/a.bin", binary(10), USER)).rejects.toThrow("R2 is away");
    expect(home.paths()).toEqual([]);
    // Put, and then nothing: as if the object had ended.
    home.store.waste("u/me/files/orphan", home.clock.now);
    home.objects.set("u/me/files/orphan", binary(5));
    expect(home.lost()).toEqual([]);
    home.clock.now += 25 * 3_600_000;
    await tidyWorkspace(home.deps);
    expect(home.objects.size).toBe(0);
  });

  test("refers to no bytes that are taken away at that moment, and loses none that came after", async () => {
    for (const moment of ["before", "after"]) {
      const home = filesHome();
      const key = home.deps.bytes.newKey();
      home.store.waste(key, home.clock.now);
      if (moment === "before") home.objects.set(key, binary(5));
      // The clock is set, or the client was very slow.
      home.clock.now += 25 * 3_600_000;
      const { delete: remove } = home.deps.bytes;
      let kept: Promise<unknown> = Promise.resolve();
      home.deps.bytes.delete = async (keys) => {
        if (moment === "before") kept = home.workspace.keep("/a.bin", key, USER).catch(() => null);
        await Promise.resolve();
        await remove(keys);
      };
      await tidyWorkspace(home.deps);
      if (moment === "after") {
        home.objects.set(key, binary(5));
        kept = home.workspace.keep("/a.bin", key, USER).catch(() => null);
      }
      expect(await kept).toBeNull();
      expect([home.paths(), home.lost()]).toEqual([[], []]);
    }
  });

  test("gives up nothing for what does not come", async () => {
    const home = filesHome(30);
    for (const fill of [1, 2]) await home.workspace.write("/a.bin", binary(10, fill), USER);
    const old = () => home.workspace.versions("/a.bin").versions.length;
    home.faults.push(new Error("R2 is away"));
    await expect(home.workspace.write("/b.bin", binary(15), USER)).rejects.toThrow("R2 is away");
    await expect(home.workspace.write("/a.bin", bytes("fifteen letters"), USER, { version: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(old()).toBe(2);
    await home.workspace.write("/b.bin", binary(15), USER);
    expect([old(), home.store.usage().bytes]).toEqual([1, 25]);
    await expect(home.workspace.write("/c.bin", binary(15), USER)).rejects.toMatchObject({ code: "payload_too_large" });
    expect(home.lost()).toEqual([]);
  });

  test("takes an upload of some hours", async () => {
    const home = filesHome();
    const key = home.deps.bytes.newKey();
    home.store.waste(key, home.clock.now);
    home.clock.now += 3 * 3_600_000;
    await tidyWorkspace(home.deps);
    home.objects.set(key, binary(5));
    expect(home.lost()).toEqual([]);
    await home.workspace.keep("/a.bin", key, USER);
    expect(home.paths()).toEqual(["/a.bin"]);
  });

  test("is done once by move() of a folder, delete() of one and keep(), and all of it is told again", async () => {
    const home = filesHome();
    const { workspace } = home;
    for (const name of ["a", "b"]) await workspace.write(`/old/${name}.txt`, bytes(name), USER);
    const twice = <T>(work: () => T): T => {
      const first = work();
      expect(work()).toEqual(first);
      return first;
    };
    expect(twice(() => workspace.move("/old", "/new", AGENT("m"))).map(({ path }) => path)).toEqual(["/new/a.txt", "/new/b.txt"]);
    expect(twice(() => workspace.delete("/new", AGENT("d"))).map(({ path }) => path)).toEqual(["/new/a.txt", "/new/b.txt"]);
    const key = home.deps.bytes.newKey();
    home.store.waste(key, home.clock.now);
    home.objects.set(key, binary(5));
    await workspace.keep("/up.bin", key, AGENT("k"));
    workspace.move("/up.bin", "/elsewhere.bin", USER);
    await workspace.keep("/up.bin", key, AGENT("k2"));
    expect(home.paths()).toEqual(["/elsewhere.bin"]);
  });
});
