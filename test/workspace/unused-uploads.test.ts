import { expect, test } from "vitest";
import { UploadUses } from "../../src/db/object/upload-uses.ts";
import { dropUnusedUploads, UNUSED_MS, type UnusedUploadsDeps } from "../../src/workspace/unused-uploads.ts";
import { objectStorage } from "../support/object-storage.ts";

const NOW = Date.UTC(2026, 10, 26);

/** A bucket in memory and the tables of an object, in each of which one upload is named. */
function home() {
  const { sql } = objectStorage();
  const file = (key: string): string => JSON.stringify({ key, name: "a", mime: "b/c", size: 1 });
  sql.exec(
    `INSERT INTO message (id, seq, conversation_id, role, kind, channel, text, content, steps, tainted, status, created_at) VALUES ('m', 1, 'c', 'user', 'chat', 'web', '', ?, '[]', 1, 'done', 1)`,
    `[{"kind":"quote","origin":"x","text":"y"},{"kind":"file","origin":"x","file":${file("in-message")}}]`,
  );
  sql.exec(
    "INSERT INTO file (id, path, version, size, mime, author, created_at, updated_at, deleted_at) VALUES ('f', '/a', 2, 1, 'b/c', 'user', 1, 1, 1)",
  );
  sql.exec(
    "INSERT INTO file_version (file_id, version, r2_key, size, mime, hash, author, at) VALUES ('f', 1, 'in-old-version', 1, 'b/c', 'x', 'user', 1)",
  );
  sql.exec("INSERT INTO document_file (key, document_id, sha256, name) VALUES ('in-document', 'd', 'x', 'a')");
  sql.exec("INSERT INTO document_arrival (key, file, faults, at) VALUES ('in-arrival', ?, 0, 1)", file("in-arrival"));
  sql.exec(
    `INSERT INTO import (id, file_key, name, format, status, plan, units, done, position, added, known, skipped, attempts, created_at, updated_at)
     VALUES ('i', 'in-import', 'a', 'zip', 'planned', '{}', 1, 0, 0, '{}', '{}', '{}', 0, 1, 1)`,
  );
  const kept = ["in-arrival", "in-document", "in-import", "in-message", "in-old-version"];
  const objects = new Map([...kept, "lost-1", "lost-2"].map((key) => [key, NOW - UNUSED_MS - 1]));
  objects.set("fresh", NOW - UNUSED_MS);
  let position = "";
  const uses = new UploadUses(sql);
  const deps: UnusedUploadsDeps = {
    async list(after, limit) {
      const all = [...objects].toSorted().filter(([key]) => key > after);
      return { uploads: all.slice(0, limit).map(([key, at]) => ({ key, at })), more: all.length > limit };
    },
    delete: async (keys) => keys.forEach((key) => objects.delete(key)),
    used: (keys) => uses.used(keys),
    position: { read: () => position, write: (key) => void (position = key) },
    now: () => NOW,
  };
  return { deps, objects, kept, position: () => position };
}

test("dropUnusedUploads() ends what nothing took within 30 days, and nothing that any table names", async () => {
  const { deps, objects, kept, position } = home();
  await dropUnusedUploads(deps);
  expect([...objects.keys()].toSorted()).toEqual(["fresh", ...kept]);
  expect(position()).toBe("");
});

test("dropUnusedUploads() goes on where it was the last time, and looks again at what it was cut off in", async () => {
  const { deps, objects, kept, position } = home();
  let asked = 0;
  const few: UnusedUploadsDeps = { ...deps, list: (after) => deps.list(after, 1_000).then((all) => (asked++, all)) };
  const cut = { ...few, delete: () => Promise.reject(new Error("ended")) };
  await expect(dropUnusedUploads(cut)).rejects.toThrow("ended");
  expect([position(), objects.size]).toEqual(["", kept.length + 3]);
  // More than are looked at in a day, all of them fresh.
  for (let one = 0; one < 1_000; one++) objects.set(`a-${String(one).padStart(4, "0")}`, NOW);
  await dropUnusedUploads(few);
  expect([position(), objects.has("lost-1")]).toEqual(["a-0999", true]);
  await dropUnusedUploads(few);
  expect([position(), asked, [...objects.keys()].filter((key) => !key.startsWith("a-")).toSorted()]).toEqual(["", 3, ["fresh", ...kept]]);
});
