import { describe, expect, test } from "vitest";
import { understandListen } from "../../src/events/understand-listen.ts";
import type { FileView } from "../../src/workspace/shapes.ts";
import { listenerHome } from "../support/listener-home.ts";

const HALF_A_MINUTE = 30_000;
const PROMPT = { kind: "prompt", prompt: "Sum it up" };

const file = (change: Partial<FileView> = {}): FileView => ({
  id: "f1",
  path: "/uploads/Lease.pdf",
  name: "Lease.pdf",
  size: 12_000,
  mime: "application/pdf",
  version: 1,
  author: "user",
  untrusted: "a file that was uploaded",
  created_at: 1,
  updated_at: 1,
  deleted_at: null,
  ...change,
});

/** As the files do: within a transaction. */
const arrives = ({ events, storage }: ReturnType<typeof listenerHome>, one: FileView): void =>
  storage.transactionSync(() => events.fileAdded(one));

describe("Events, with files", () => {
  test("act on a file in the folder that the fields let through, once a version, as content that nobody vouches for", async () => {
    const home = listenerHome();
    const when = { fields: [{ path: "extension", op: "eq", value: "pdf" }] };
    const { id } = await home.add({ source: { kind: "file", folder: "uploads/" }, when, action: PROMPT, title: "Papers" });
    for (const one of [
      file(),
      file(),
      file({ id: "f2", path: "/uploadsx/a.pdf" }),
      file({ id: "f3", path: "/notes/a.pdf" }),
      file({ id: "f4", path: "/uploads/a.csv" }),
    ])
      arrives(home, one);
    await home.later(HALF_A_MINUTE);
    expect(home.begun).toMatchObject([
      { text: "Sum it up", word: true, content: [{ origin: "file “Papers”", text: expect.stringContaining("file: /uploads/Lease.pdf") }] },
    ]);
    expect(home.log(id).map(({ outcome }) => outcome)).toEqual(["filtered", "fired"]);
    arrives(home, file({ version: 2 }));
    await home.later(HALF_A_MINUTE);
    expect(home.begun).toHaveLength(2);
  });

  test("do not hear what the agent writes: it would never end", async () => {
    const home = listenerHome();
    await home.add({ source: { kind: "file" }, action: PROMPT });
    arrives(home, file({ author: "agent", path: "/outputs/a.md" }));
    await home.later(HALF_A_MINUTE);
    expect(home.begun).toEqual([]);
  });

  test("refuse a folder that leads elsewhere, and try one out", async () => {
    const home = listenerHome();
    for (const folder of ["../x", "/a/%2e%2e/b", "\\x"])
      await expect(home.add({ source: { kind: "file", folder }, action: PROMPT })).rejects.toMatchObject({ code: "invalid_request" });
    const { id } = await home.add({ source: { kind: "file", folder: "/uploads" }, action: PROMPT });
    expect(home.events.listeners.get(id).title).toBe("Files in /uploads");
    expect(await home.events.test(id, { payload: undefined, headers: {}, dry_run: true })).toMatchObject({ would: "fire" });
  });
});

describe("understandListen(), of files", () => {
  test.each<[string, object]>([
    ["when a file is added tell me", { from: "file", kind: "text", do: "A file was added:" }],
    [
      "when a pdf is added to /uploads sum it up",
      { from: "file", folder: "/uploads", if: [{ path: "extension", op: "eq", value: "pdf" }], do: "sum it up" },
    ],
    ["when I upload a picture: describe it", { from: "file", if: [{ path: "mime", op: "like", value: "image/*" }], do: "describe it" }],
    [
      "when a new csv file arrives in /data, check it",
      { from: "file", folder: "/data", if: [{ path: "extension", op: "eq", value: "csv" }], do: "check it" },
    ],
  ])("understands %s", (words, listened) => expect(understandListen(words)).toMatchObject({ ok: true, listened }));

  test.each(["when a file is lost tell me", "a file", "when the file server calls tell me", "when a file from Ana is added tell me"])(
    "leaves alone: %s",
    (words) => {
      const understood = understandListen(words);
      expect(understood.ok && understood.listened.from === "file").toBe(false);
    },
  );
});
