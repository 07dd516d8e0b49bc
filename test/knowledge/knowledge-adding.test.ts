import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { DocumentView } from "../../src/knowledge/shapes.ts";
import { given, texts, zip } from "./given.ts";
import { life, World } from "./knowledge-in-node.ts";

const names = (documents: readonly DocumentView[]): string[] => documents.map(({ name }) => name).toSorted();

describe("Adding", () => {
  test("takes the same bytes in once, whatever they are called and however they come", async () => {
    const world = new World();
    const { document } = await given(world, "a.md", "# Tides\n\nThe tide turns at six.");
    const again = await given(world, "b.txt", "# Tides\n\nThe tide turns at six.");
    expect(again.added).toMatchObject({ documents: [], known: [{ id: document.id }] });
    expect(again.now.documents.count()).toBe(1);
    // The second copy is of no use to anybody.
    expect(world.files.size).toBe(1);
  });

  test("takes the same bytes in once when they are given twice at the same time", async () => {
    const world = new World();
    const now = life(world);
    const keys = ["a.md", "b.md", "c.md"].map((name) => world.upload(name, "The tide turns at six."));
    const added = await Promise.all(keys.map((key) => now.adding.add({ key })));
    expect(added.flatMap(({ documents }) => documents)).toHaveLength(1);
    expect(added.flatMap(({ known }) => known)).toHaveLength(2);
    await now.work();
    expect(await texts(world, "tide")).toEqual(["a"]);
  });

  test("puts a document that nobody had sorted into the collection that it is given to later", async () => {
    const world = new World();
    const { now, document } = await given(world, "a.md", "The tide turns at six.");
    const { id } = now.knowledge.addCollection("Sea");
    await given(world, "a.md", "The tide turns at six.", { collection_id: id });
    expect(life(world).knowledge.get(document.id).collection_id).toBe(id);
    expect(life(world).knowledge.collections()).toMatchObject([{ name: "Sea", documents: 1 }]);
  });

  test.each([
    ["nothing", {}, "invalid_request"],
    ["two things", { key: "u/ada/uploads/x", url: "https://example.com" }, "invalid_request"],
    ["a key of another user", { key: "u/eve/uploads/2026-11/1" }, "not_found"],
    ["a key outside of the uploads", { key: "u/ada/audit/2026-11-01.json" }, "not_found"],
    ["a key that is not there", { key: "u/ada/uploads/2026-11/none" }, "not_found"],
    ["a collection that is not there", { key: "u/ada/uploads/2026-11/1", collection_id: "none" }, "not_found"],
    ["a document to replace that is not there", { key: "u/ada/uploads/2026-11/1", replaces: "none" }, "not_found"],
  ])("refuses %s", async (_what, input, code) => {
    const world = new World();
    world.upload("a.md", "The tide turns at six.");
    await expect(life(world).adding.add(input)).rejects.toMatchObject({ code });
    expect(life(world).documents.count()).toBe(0);
  });

  test("refuses a file of more than 50 MB before it is read", async () => {
    const world = new World();
    const key = world.upload("a.md", "x");
    world.files.set(key, { file: { key, name: "a.md", mime: "text/plain", size: 50 * 1024 * 1024 + 1 }, bytes: new Uint8Array(1) });
    await expect(life(world).adding.add({ key })).rejects.toMatchObject({ code: "payload_too_large" });
  });
});

describe("Adding an address", () => {
  const url = "https://example.com/guides/harbour";
  const page = (world: World, html: string, over: Record<string, unknown> = {}): void => {
    const bytes = new TextEncoder().encode(html);
    world.pages.set(url, {
      ok: true,
      status: 200,
      url,
      mediaType: "text/html",
      charset: null,
      headers: {},
      bytes,
      truncated: false,
      hops: [url],
      ...over,
    });
  };

  test("keeps what it found, named by its title, and takes it in anew under the same document when it has changed", async () => {
    const world = new World();
    page(world, "<title>The harbour guide</title><main><p>The harbour opens at seven.</p></main>");
    const now = life(world);
    const [first] = (await now.adding.add({ url })).documents;
    await now.work();
    expect(now.knowledge.get(first?.id ?? "")).toMatchObject({
      name: "The harbour guide",
      source_url: url,
      status: "ready",
      version: 1,
      type: "html",
    });
    expect((await now.adding.add({ url })).known).toHaveLength(1);
    page(world, "<title>The harbour guide</title><main><p>The harbour opens at eight.</p></main>");
    expect((await now.adding.add({ url })).documents[0]?.id).toBe(first?.id);
    await now.work();
    expect(now.knowledge.get(first?.id ?? "")).toMatchObject({ status: "ready", version: 2 });
    expect((await now.knowledge.search("harbour opens", 5, null)).map(({ text }) => text)).toEqual([expect.stringContaining("eight")]);
    expect(world.files.size).toBe(1);
  });

  test.each([
    ["an error", { status: 404 }, "invalid_request", "404"],
    ["more than 20 MB", { truncated: true }, "payload_too_large", "20 MB"],
    ["nothing", { bytes: new Uint8Array(0) }, "invalid_request", "empty"],
  ])("refuses %s, and keeps nothing", async (_what, over, code, sentence) => {
    const world = new World();
    page(world, "x", over);
    await expect(life(world).adding.add({ url })).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
    expect([world.files.size, life(world).documents.count()]).toEqual([0, 0]);
  });

  test("gives on what the filter refused", async () => {
    const world = new World();
    world.pages.set(url, { ok: false, code: "private_address", message: "example.com is a private address.", sent: false });
    await expect(life(world).adding.add({ url })).rejects.toMatchObject({
      code: "invalid_request",
      message: "example.com is a private address.",
    });
  });
});

describe("Adding an archive", () => {
  const vault = {
    "Vault/Sea/Tides.md": "The tide turns at six.",
    "Vault/Winds.md": "The wind blows from the west.",
    "Vault/.obsidian/app.json": "{}",
    "Vault/map.png": "x",
  };

  test("takes every document of it in, named by its path, into a collection of the archive's name", async () => {
    const world = new World();
    const now = life(world);
    const key = world.upload("Notes.zip", zip({ ...vault, "Vault/empty.md": "" }));
    const added = await now.adding.add({ key });
    expect(names(added.documents)).toEqual(["Sea/Tides.md", "Winds.md"]);
    expect(added.skipped.map(({ path }) => path).toSorted()).toEqual(["empty.md", "map.png"]);
    await now.work();
    expect(now.knowledge.collections()).toMatchObject([{ name: "Notes", documents: 2 }]);
    expect(await texts(world, "tide turns")).toContain("Sea/Tides");
    // The archive itself is not kept beside its files.
    expect([world.files.has(key), world.files.size]).toEqual([false, 2]);
  });

  test("given again, takes in only what is new, and what has changed as a new version", async () => {
    const world = new World();
    const now = life(world);
    await now.adding.add({ key: world.upload("Notes.zip", zip(vault)) });
    await now.work();
    const again = await now.adding.add({
      key: world.upload("Notes.zip", zip({ ...vault, "Vault/Winds.md": "The wind blows from the east.", "Vault/New.md": "A new note." })),
    });
    await now.work();
    expect([names(again.documents), names(again.known)]).toEqual([["New.md", "Winds.md"], ["Sea/Tides.md"]]);
    expect(now.documents.count()).toBe(3);
    expect((await now.knowledge.search("wind blows", 5, null)).map(({ text }) => text)).toEqual([expect.stringContaining("east")]);
  });

  test("leaves out what would escape from it, and says so", async () => {
    const world = new World();
    const added = await life(world).adding.add({
      key: world.upload("Notes.zip", zip({ "../../etc/passwd.md": "root", "/abs.md": "x", "ok.md": "fine" })),
    });
    expect(names(added.documents)).toEqual(["ok.md"]);
    expect(added.skipped).toHaveLength(2);
  });

  test("refuses a bomb in a sentence, and the agent goes on", async () => {
    const world = new World();
    const bomb = zipSync({ "zeros.txt": new Uint8Array(60 * 1024 * 1024), "ok.md": strToU8("Fine.") }, { level: 1 });
    const added = await life(world).adding.add({ key: world.upload("Bomb.zip", bomb) });
    expect(names(added.documents)).toEqual(["ok.md"]);
    expect(added.skipped).toEqual([{ path: "zeros.txt", reason: expect.stringContaining("larger than can be taken in") }]);
    await given(world, "a.md", "The tide turns at six.");
    expect(await texts(world, "tide")).toEqual(["a"]);
  }, 60_000);
});
