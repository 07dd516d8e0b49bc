import { expect, test } from "vitest";
import { life, World } from "./knowledge-in-node.ts";

/** A text of many pieces, with the words of one edition in each of them. */
const edition = (word: string, paragraphs = 150): string =>
  Array.from(
    { length: paragraphs },
    (_, index) => `## Part ${index}\n\nIn part ${index} the ${word} is described. ${"Some more words follow here. ".repeat(30)}`,
  ).join("\n\n");

/** What is kept anywhere, as it must be when everything is done: one document, nothing half, nothing twice, nothing left over. */
function settled(world: World) {
  const now = life(world);
  const [document, ...others] = now.documents.all();
  const contents = [...world.chunks.keys()];
  const live = document?.live;
  return {
    documents: 1 + others.length,
    status: document?.next?.status ?? "ready",
    version: live?.number,
    contents: contents.length,
    content: contents[0] === live?.content,
    chunks: world.chunks.get(live?.content ?? "")?.size === live?.chunks,
    index: now.index.count("knowledge") === live?.chunks,
    files: world.files.size,
    waste: now.documents.wasted().length,
    record: world.rows.get("document")?.size,
  };
}

const WHOLE = { documents: 1, status: "ready", contents: 1, content: true, chunks: true, index: true, files: 1, waste: 0, record: 1 };

/** Lives one after the other until all work is done, as alarms and retries bring it about. */
async function finish(world: World): Promise<void> {
  for (let round = 0; round < 3; round++) {
    world.now += 60_000;
    await life(world).work();
  }
}

test.each(["before", "after"] as const)(
  "Ingest, ended %s each touch of the world, ends with one whole document that was never found half",
  { timeout: 60_000 },
  async (when) => {
    for (let endAt = 1; ; endAt++) {
      const world = new World();
      const key = world.upload("Plan.md", edition("harbour", 60));
      await life(world).adding.add({ key });
      const first = life(world, { endAt, when });
      await first.work();
      const found = await life(world).knowledge.search("harbour", 50, null);
      const whole = life(world).documents.all()[0]?.live !== null;
      expect(found.length > 0, `${when} touch ${endAt}`).toBe(whole);
      await finish(world);
      expect(settled(world), `${when} touch ${endAt}`).toEqual({ ...WHOLE, version: 1 });
      if (!first.hasEnded()) break;
      expect(endAt).toBeLessThan(200);
    }
  },
);

test.each(["before", "after"] as const)(
  "Ingest, ended %s each touch while a new version is read, leaves exactly one version to be found at any time",
  { timeout: 60_000 },
  async (when) => {
    for (let endAt = 1; ; endAt++) {
      const world = new World();
      const { documents } = await life(world).adding.add({ key: world.upload("Plan.md", edition("harbour", 20)) });
      await life(world).work();
      await life(world).adding.add({ key: world.upload("Plan.md", edition("lighthouse", 40)), replaces: documents[0]?.id });
      const second = life(world, { endAt, when });
      await second.work();
      const now = life(world);
      const found = await now.knowledge.search("harbour lighthouse described", 50, null);
      const words = new Set(found.flatMap(({ text }) => text.match(/harbour|lighthouse/g) ?? []));
      expect(words, `${when} touch ${endAt}`).toEqual(new Set([now.documents.all()[0]?.live?.number === 2 ? "lighthouse" : "harbour"]));
      await finish(world);
      expect(settled(world), `${when} touch ${endAt}`).toEqual({ ...WHOLE, version: 2 });
      if (!second.hasEnded()) break;
      expect(endAt).toBeLessThan(200);
    }
  },
);

test.each(["before", "after"] as const)(
  "Knowledge.delete(), ended %s each touch, leaves nothing in the end",
  { timeout: 60_000 },
  async (when) => {
    for (let endAt = 1; ; endAt++) {
      const world = new World();
      const { documents } = await life(world).adding.add({ key: world.upload("Plan.md", edition("harbour", 20)) });
      const id = documents[0]?.id ?? "";
      await life(world).work();
      const deleting = life(world, { endAt, when });
      await deleting.until(deleting.knowledge.delete(id));
      const then = life(world);
      // Ended before anything was written, it was not deleted, and whoever asked for it knows that.
      if (then.documents.get(id)) await then.knowledge.delete(id);
      expect(await life(world).knowledge.search("harbour", 10, null)).toEqual([]);
      await finish(world);
      const left = {
        files: world.files.size,
        chunks: world.chunks.size,
        index: life(world).index.count("knowledge"),
        rows: world.rows.get("document")?.size,
      };
      expect(left, `${when} touch ${endAt}`).toEqual({ files: 0, chunks: 0, index: 0, rows: 0 });
      expect(life(world).documents.wasted()).toEqual([]);
      if (!deleting.hasEnded()) break;
    }
  },
);

test("Adding, ended while an address is taken in, leaves no file that nobody knows of", async () => {
  const url = "https://example.com/plan.md";
  for (const when of ["before", "after"] as const)
    for (let endAt = 1; ; endAt++) {
      const world = new World();
      const bytes = new TextEncoder().encode("# Plan\n\nThe harbour is dredged in May.");
      world.pages.set(url, {
        ok: true,
        status: 200,
        url,
        mediaType: "text/markdown",
        charset: null,
        headers: {},
        bytes,
        truncated: false,
        hops: [url],
      });
      const adding = life(world, { endAt, when });
      await adding.until(adding.adding.add({ url }));
      await finish(world);
      // Asked again, as whoever got no answer does.
      await life(world).adding.add({ url });
      await finish(world);
      expect(settled(world), `${when} touch ${endAt}`).toEqual({ ...WHOLE, version: 1 });
      if (!adding.hasEnded()) break;
    }
});

test("Ingest gives up a file that ended the object three times while it was parsed", async () => {
  const world = new World();
  await life(world).adding.add({ key: world.upload("bomb.pdf", "%PDF-1.7 and so on") });
  for (let attempt = 0; attempt < 3; attempt++) {
    const now = life(world, { endAt: 3, when: "before", parse: () => new Promise(() => undefined) });
    // It hangs in the parser, and then the object is gone.
    void now.background.work();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(life(world).documents.all()[0]?.next).toMatchObject({ status: "reading", attempts: attempt + 1 });
  }
  let parsed = 0;
  await life(world, { parse: () => Promise.reject(new Error(`parsed ${++parsed}`)) }).work();
  const view = life(world).knowledge.list({ limit: 10 }).documents[0];
  expect(view).toMatchObject({ status: "failed", error: { code: "interrupted" } });
  expect(view?.error?.message).toContain("interrupted 3 times");
  expect(parsed).toBe(0);
});
