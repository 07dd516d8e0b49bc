import { describe, expect, test } from "vitest";
import { ModelError } from "../../src/models/model-error.ts";
import { given, texts, zip } from "./given.ts";
import { life, World } from "./knowledge-in-node.ts";

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, ...new Uint8Array(60)]);

describe("Ingest", () => {
  test.each([
    ["an encrypted or broken PDF", "a.pdf", "%PDF-1.7\nnothing of it is right"],
    ["a PDF that is none", "b.pdf", new Uint8Array(2_000).map((_, index) => index % 256)],
    ["a text without a word", "c.txt", " \n \n "],
    ["a program", "d.bin", new Uint8Array(2_000).map((_, index) => (index * 7) % 256)],
    ["a DOCX that is an empty zip", "e.docx", zip({ "readme.txt": "x" })],
  ])("ends %s in a clear sentence, and reads the next one", async (_what, name, body) => {
    const world = new World();
    const hostile = await given(world, name, body);
    expect(hostile.document).toMatchObject({
      status: "failed",
      error: { code: expect.any(String), message: expect.stringMatching(/^[A-Z].*\.$/) },
    });
    expect(world.chunks.size).toBe(0);
    const fine = await given(world, "fine.md", "The tide turns at six.");
    expect(fine.document.status).toBe("ready");
  });

  test("keeps the version that is there when a new one cannot be read, and says so", async () => {
    const world = new World();
    const { document } = await given(world, "a.md", "The tide turns at six.");
    const { document: after } = await given(world, "a.pdf", "%PDF-1.7 broken", { replaces: document.id });
    expect(after).toMatchObject({ id: document.id, status: "ready", version: 1, error: { message: expect.any(String) } });
    expect(await texts(world, "tide")).toEqual(["a"]);
    const { document: third } = await given(world, "a.md", "The tide turns at seven.", { replaces: document.id });
    expect(third).toMatchObject({ status: "ready", version: 2, error: null });
    expect(world.files.size).toBe(1);
    expect([...world.chunks.keys()]).toHaveLength(1);
  });

  test("tries again later what failed by no fault of the file, and then reads it", async () => {
    const world = new World();
    const flaky = life(world, { parse: () => Promise.reject(new Error("D1 is away")) });
    const [document] = (await flaky.adding.add({ key: world.upload("a.md", "The tide turns at six.") })).documents;
    await flaky.work();
    expect(flaky.knowledge.get(document?.id ?? "")).toMatchObject({ status: "queued", error: null });
    expect(flaky.wakes.at(-1)).toBeGreaterThan(world.now);
    await life(world).work();
    expect(life(world).knowledge.get(document?.id ?? "").status).toBe("queued");
    world.now = flaky.wakes.at(-1) ?? 0;
    await life(world).work();
    expect(life(world).knowledge.get(document?.id ?? "").status).toBe("ready");
  });

  test("gives up in a sentence what failed by no fault of the file for hours, and reads it when told to", async () => {
    const world = new World();
    const away = { parse: () => Promise.reject(new Error("D1 is away")) };
    const [document] = (await life(world).adding.add({ key: world.upload("a.md", "The tide turns at six.") })).documents;
    const id = document?.id ?? "";
    for (let round = 0; round < 15; round++) {
      await life(world, away).work();
      world.now += 3_600_000;
    }
    expect(life(world).knowledge.get(id)).toMatchObject({ status: "failed", error: { code: "unavailable" } });
    const now = life(world);
    expect(now.knowledge.retry(id).status).toBe("queued");
    await now.work();
    expect(now.knowledge.get(id)).toMatchObject({ status: "ready", error: null });
    expect(() => now.knowledge.retry(id)).toThrow("did not fail");
  });

  test("has a picture described by a model that sees, and without one says what to do", async () => {
    const world = new World();
    const blind = await given(world, "chart.png", PNG, { mime: "image/png" });
    expect(blind.document).toMatchObject({ status: "failed", error: { message: expect.stringMatching(/vision model/) } });
    const seeing = life(world, { describeImage: async () => "A chart of the tides in May." });
    seeing.knowledge.retry(blind.document.id);
    await seeing.work();
    expect(seeing.knowledge.get(blind.document.id)).toMatchObject({ status: "ready", type: "image" });
    expect(await texts(world, "chart of tides")).toEqual(["chart"]);
  });

  test("waits for a model that is busy, and gives up one that refuses", async () => {
    for (const [retryable, status] of [
      [true, "queued"],
      [false, "failed"],
    ] as const) {
      const world = new World();
      const error = new ModelError(retryable ? "overloaded" : "auth", "The model says no.", retryable);
      const { document } = await given(world, "chart.png", PNG, { mime: "image/png", describeImage: () => Promise.reject(error) });
      expect(document.status).toBe(status);
      if (!retryable) expect(document.error?.message).toBe("The model says no.");
    }
  });

  test("tells pages how far it is, never backwards", async () => {
    const world = new World();
    const { now } = await given(
      world,
      "a.md",
      Array.from({ length: 200 }, (_, index) => `## Part ${index}\n\n${"Words about the sea. ".repeat(60)}`).join("\n\n"),
    );
    const progress = now.frames.map((frame) => frame.progress);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(now.frames.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1])).toEqual([
      "queued",
      "reading",
      "ready",
    ]);
  });
});

describe("Knowledge", () => {
  test("shows nothing of a document that is being deleted while it is read, and leaves nothing of it", async () => {
    const world = new World();
    let parsing: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (parsing = resolve));
    const now = life(world, {
      parse: async (bytes) => {
        parsing();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { title: null, type: "text", pages: 1, blocks: [{ kind: "paragraph", text: new TextDecoder().decode(bytes), page: 1 }] };
      },
    });
    const [document] = (await now.adding.add({ key: world.upload("a.txt", "The tide turns at six.") })).documents;
    const working = now.work();
    await begun;
    expect(await now.knowledge.delete(document?.id ?? "")).toBe(true);
    await working;
    expect([
      world.files.size,
      world.chunks.size,
      now.index.count("knowledge"),
      now.documents.count(),
      now.documents.wasted().length,
    ]).toEqual([0, 0, 0, 0, 0]);
  });

  test("deletes later what cannot be reached now, and says that it did not look", async () => {
    const world = new World();
    const { now, document } = await given(world, "a.txt", "The tide turns at six.");
    const away = life(world, { endAt: 2, when: "before" });
    expect(await away.until(away.knowledge.delete(document.id))).not.toBe(true);
    expect(await texts(world, "tide")).toEqual([]);
    await life(world).work();
    expect([world.files.size, world.chunks.size]).toEqual([0, 0]);
    expect(() => now.knowledge.get(document.id)).toThrow("no such document");
  });

  test("finds a document under its new name, and goes on finding it meanwhile", async () => {
    const world = new World();
    const { now, document } = await given(world, "draft.md", "It turns at six.");
    now.knowledge.update(document.id, { name: "Tides.md" });
    expect((await now.knowledge.search("turns at six", 5, null)).map(({ from }) => from)).toEqual(["Tides"]);
    expect(await now.knowledge.search("tides", 5, null)).toEqual([]);
    await now.work();
    expect((await now.knowledge.search("tides", 5, null)).map(({ from }) => from)).toEqual(["Tides"]);
  });

  test("finds only what a conversation is limited to", async () => {
    const world = new World();
    const sea = life(world).knowledge.addCollection("Sea");
    await given(world, "tides.md", "The clock of the tide turns at six.", { collection_id: sea.id });
    await given(world, "church.md", "The clock of the church turns at six.");
    const now = life(world);
    expect((await texts(world, "clock turns")).toSorted()).toEqual(["church", "tides"]);
    now.scopes.limit("c1", ["sea"]);
    expect(await texts(world, "clock turns", "c1")).toEqual(["tides"]);
    expect((await texts(world, "clock turns", "c2")).length).toBe(2);
    now.scopes.limit("c1", ["Church.md"]);
    expect(await texts(world, "clock turns", "c1")).toEqual(["church"]);
    expect(() => now.scopes.limit("c1", ["nowhere"])).toThrow("no collection or document “nowhere”");
    now.scopes.limit("c1", ["sea"]);
    now.knowledge.deleteCollection(sea.id);
    // What it was limited to is gone: that does not open everything.
    expect(await texts(world, "clock turns", "c1")).toEqual([]);
    now.scopes.clear("c1");
    expect((await texts(world, "clock turns", "c1")).length).toBe(2);
  });

  test("says the page of what has pages, and the headings it stands under", async () => {
    const world = new World();
    const blocks = [
      { kind: "heading" as const, text: "Handbook", level: 1, page: 4 },
      { kind: "heading" as const, text: "Leave", level: 2, page: 4 },
      { kind: "paragraph" as const, text: "There are 27 days of leave.", page: 4 },
    ];
    const { now } = await given(world, "Handbook.pdf", "x", { parse: async () => ({ title: "Handbook", type: "pdf", pages: 9, blocks }) });
    expect((await now.knowledge.search("27 days", 5, null))[0]).toMatchObject({ from: "Handbook › Leave, page 4", tainted: true });
  });

  test("makes everything again from the record when the object lost its storage", async () => {
    const world = new World();
    const sea = life(world).knowledge.addCollection("Sea");
    await given(world, "tides.md", "The tide turns at six.", { collection_id: sea.id });
    await given(world, "broken.pdf", "%PDF-1.7 broken");
    const lost = new World();
    for (const part of ["rows", "chunks", "files"] as const)
      for (const [key, value] of world[part]) lost[part].set(key as never, value as never);
    await life(lost).work();
    const now = life(lost);
    expect(
      now.knowledge
        .list({ limit: 10 })
        .documents.map(({ name, status }) => [name, status])
        .toSorted(),
    ).toEqual([
      ["broken.pdf", "failed"],
      ["tides.md", "ready"],
    ]);
    expect(now.knowledge.collections()).toMatchObject([{ name: "Sea", documents: 1 }]);
    expect((await now.knowledge.search("tide", 5, null)).map(({ from }) => from)).toEqual(["tides"]);
  });

  test("makes the index again from the record when that is empty", async () => {
    const world = new World();
    await given(world, "tides.md", "The tide turns at six.");
    life(world).index.clear("knowledge");
    expect(await texts(world, "tide")).toEqual([]);
    await life(world).work();
    expect(await texts(world, "tide")).toEqual(["tides"]);
  });

  test("lists in pages, newest first, by collection and by name", async () => {
    const world = new World();
    const now = life(world);
    const sea = now.knowledge.addCollection("Sea");
    for (let index = 0; index < 7; index++) {
      world.now += 1;
      await now.adding.add({ key: world.upload(`note ${index}.md`, `Note ${index}`), collection_id: index < 3 ? sea.id : null });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = now.knowledge.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.total).toBe(7);
      seen.push(...page.documents.map(({ name }) => name));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `note ${index}.md`));
    expect(now.knowledge.list({ limit: 10, collection: sea.id }).documents).toHaveLength(3);
    expect(now.knowledge.list({ limit: 10, collection: "none" }).documents).toHaveLength(4);
    expect(now.knowledge.list({ limit: 10, search: "NOTE 5" }).documents).toHaveLength(1);
    expect(() => now.knowledge.list({ limit: 10, cursor: "nonsense" })).toThrow("cursor");
  });

  test("has a collection's name once, whatever its case", () => {
    const now = life(new World());
    const { id } = now.knowledge.addCollection(" Sea  notes ");
    expect(now.knowledge.collections()).toMatchObject([{ name: "Sea notes" }]);
    expect(() => now.knowledge.addCollection("sea NOTES")).toThrow("already");
    expect(now.knowledge.renameCollection(id, "SEA notes").name).toBe("SEA notes");
    expect(() => now.knowledge.renameCollection("none", "x")).toThrow("no such collection");
  });
});
