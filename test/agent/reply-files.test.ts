import { expect, test } from "vitest";
import type { z } from "zod";
import { ReplyFiles } from "../../src/agent/reply-files.ts";
import { MargayError } from "../../src/errors.ts";
import type { FileView } from "../../src/workspace/shapes.ts";

const view = (path: string, version = 1): FileView => ({
  id: path,
  path,
  name: path.split("/").at(-1) ?? "",
  size: 3,
  mime: "text/plain",
  version,
  author: "agent",
  untrusted: null,
  created_at: 0,
  updated_at: 0,
  deleted_at: null,
});

function setting(...paths: string[]) {
  const there = new Map(paths.map((path) => [path, view(path)]));
  const kept = new Map<string, unknown>();
  const files = new ReplyFiles({
    file: (path) => {
      const file = there.get(path);
      if (!file) throw new MargayError("not_found", "There is none.");
      return file;
    },
    bytes: () => Promise.resolve(new Uint8Array(3)),
    settings: {
      read: <T>(key: string, schema: z.ZodType<T>) => schema.safeParse(kept.get(key)).data ?? null,
      note: (key, value) => void kept.set(key, value),
    },
    now: () => 0,
  });
  const of = (text: string, more: { model?: string | null; status?: "done" | "failed"; lane?: string } = {}) =>
    files.of({ text, model: more.model === undefined ? "m" : more.model, status: more.status ?? "done" }, more.lane ?? "chat");
  /** The paths that go with an answer, as if they arrived. */
  const sent = (...given: Parameters<typeof of>): string[] => {
    const found = of(...given);
    files.told(found, given[1]?.lane ?? "chat");
    return found.map(({ path }) => path);
  };
  return { files, there, of, sent };
}

test("ReplyFiles.of() brings a result that is only named once in each content, and what is shown whenever it is", () => {
  const { there, sent } = setting("/outputs/a.md", "/outputs/b.png");
  expect(sent("It is in /outputs/a.md: ![b](/outputs/b.png)")).toEqual(["/outputs/a.md", "/outputs/b.png"]);
  expect(sent("As I said, `/outputs/a.md` and /outputs/b.png")).toEqual([]);
  expect(sent("Here: [a](/outputs/a.md)")).toEqual(["/outputs/a.md"]);
  expect(sent("/outputs/a.md", { lane: "another chat" })).toEqual(["/outputs/a.md"]);
  there.set("/outputs/a.md", view("/outputs/a.md", 2));
  expect(sent("/outputs/a.md has a line more")).toEqual(["/outputs/a.md"]);
});

test("ReplyFiles.of() brings nothing that is not there, that the user sent, that a command lists, or of an answer that failed", () => {
  const { sent } = setting("/uploads/a.pdf", "/outputs/b.md");
  expect(sent("I made /outputs/none.md from /uploads/a.pdf")).toEqual([]);
  expect(sent("- `/outputs/b.md`", { model: null })).toEqual([]);
  expect(sent("/outputs/b.md", { status: "failed" })).toEqual([]);
  expect(sent("[b](/outputs/b.md) [a](/uploads/a.pdf)", { model: null })).toEqual(["/outputs/b.md", "/uploads/a.pdf"]);
});

test("ReplyFiles.ofQuestion() brings the picture of the page that is asked about, while it waits, and nothing else that a call names", () => {
  const { files } = setting("/outputs/screenshots/shop-1.jpg", "/outputs/b.md");
  const ask = (input: unknown, state: "pending" | "denied" = "pending") =>
    files.ofQuestion({ state, tool: "browser_submit", arguments: JSON.stringify(input, null, 2) }).map(({ path }) => path);
  const asked = { id: "shop#1", seen: { fields: [], screenshot: "/outputs/screenshots/shop-1.jpg" } };
  expect(ask(asked)).toEqual(["/outputs/screenshots/shop-1.jpg"]);
  expect(ask(asked, "denied")).toEqual([]);
  expect(ask({ path: "/outputs/b.md", text: '"screenshot": "/outputs/b.md"' })).toEqual([]);
  expect(ask({ screenshot: "/outputs/screenshots/none.jpg" })).toEqual([]);
});
