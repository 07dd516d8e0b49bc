import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { FileRef } from "../../src/channels/message.ts";
import { filesRoutes } from "../../src/http/files.ts";
import { cleanFileName, contentDisposition, fileKey } from "../../src/http/file-names.ts";
import { NAUGHTY_STRINGS } from "../support/naughty-strings.ts";
import { codeOf, House, type Person } from "./support/house.ts";

const house = new House(filesRoutes);
let alice: Person;
let bob: Person;

const upload = (person: Person | null, name: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  house.fetch("/api/v1/files", {
    method: "POST",
    body,
    headers: { "x-file-name": encodeURIComponent(name), ...(person ? { authorization: `Bearer ${person.key}` } : {}), ...headers },
  });
const refOf = async (response: Response): Promise<FileRef> => FileRef.parse(await response.json());
const download = (person: Person | null, key: string): Promise<Response> =>
  house.call(person, "GET", `/api/v1/files/${key.split("/").slice(2).map(encodeURIComponent).join("/")}`);

beforeAll(async () => {
  alice = await house.person("alice");
  bob = await house.person("bob");
});

describe("POST /api/v1/files", () => {
  test("keeps raw bytes and gives them back", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(50_000));
    const file = await refOf(await upload(alice, "photo.png", bytes, { "content-type": "image/png" }));
    expect(file).toMatchObject({ name: "photo.png", mime: "image/png", size: 50_000 });
    expect(file.key).toMatch(new RegExp(`^u/${alice.id}/uploads/\\d{4}-\\d{2}/[0-9a-f-]{36}$`));
    const response = await download(alice, file.key);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("content-disposition")).toMatch(/^inline;/);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test("takes a stream of unknown length", async () => {
    const chunks = new Blob([new Uint8Array(1000), new Uint8Array(2000)]).stream();
    expect(await refOf(await upload(alice, "a.bin", chunks))).toMatchObject({ size: 3000, mime: "application/octet-stream" });
  });

  test("streams a body of declared length to R2", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000));
    const file = await refOf(await upload(alice, "a.bin", bytes, { "content-length": "60000" }));
    expect(file.size).toBe(60_000);
    expect(new Uint8Array(await (await download(alice, file.key)).arrayBuffer())).toEqual(bytes);
  });

  test("keeps nothing of a body that is shorter than declared, or breaks off", async () => {
    const carl = await house.person("carl");
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new Error("connection lost")),
    });
    for (const body of [new Uint8Array(10), broken]) {
      const response = await upload(carl, "a.bin", body, { "content-length": "1000" });
      expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
    }
    expect((await house.env.FILES.list({ prefix: `u/${carl.id}/` })).objects).toEqual([]);
  });

  test("takes a form with one file, by its own name", async () => {
    const form = new FormData();
    form.set("file", new File(["hello"], "Übung 1.txt", { type: "text/plain" }));
    expect(await refOf(await upload(alice, "", form))).toMatchObject({ name: "Übung 1.txt", mime: "text/plain", size: 5 });
  });

  test.each([
    ["nothing", "a", ""],
    ["a form without a file", "", new FormData()],
  ])("refuses %s", async (_what, query, body) => {
    const response = await upload(alice, query, body);
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
  });

  test("refuses a broken form", async () => {
    const response = await upload(alice, "", "nonsense", { "content-type": "multipart/form-data; boundary=x" });
    expect([response.status, await codeOf(response)]).toEqual([400, "invalid_request"]);
    expect((await upload(alice, "", "nonsense", { "content-type": "multipart/form-data" })).status).toBe(400);
  });

  test("refuses more than 50 MiB, and more than 20 MiB of a length that is not declared, and keeps nothing of it", async () => {
    const big = new Uint8Array(20 * 1024 * 1024 + 1);
    const kept = async (): Promise<number> => (await house.env.FILES.list({ prefix: `u/${bob.id}/` })).objects.length;
    expect((await upload(bob, "a", new Uint8Array(10), { "content-length": String(50 * 1024 * 1024 + 1) })).status).toBe(413);
    expect((await upload(bob, "a", new Blob([big]).stream())).status).toBe(413);
    expect(await kept()).toBe(0);
    expect((await upload(bob, "a", big, { "content-length": String(big.byteLength) })).status).toBe(200);
    expect(await kept()).toBe(1);
  });

  test("keeps nothing that arrives after its user was suspended", async () => {
    const dora = await house.person("dora");
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const answer = upload(dora, "slow.bin", readable);
    await writer.write(new Uint8Array(10));
    await house.env.DB.prepare("UPDATE user SET suspended = 1 WHERE id = ?").bind(dora.id).run();
    await writer.close();
    expect((await answer).status).toBe(401);
    expect((await house.env.FILES.list({ prefix: `u/${dora.id}/` })).objects).toEqual([]);
  });

  test("refuses who has no identity", async () => expect((await upload(null, "a", "x")).status).toBe(401));
});

describe("GET /api/v1/files/{path+}", () => {
  test("answers somebody else's file and no file with one and the same 404", async () => {
    const file = await refOf(await upload(alice, "secret.txt", "canary"));
    const answers = await Promise.all(
      [file.key, `u/${bob.id}/${file.key}`, `u/${bob.id}/nothing`, `u/${bob.id}/..%2F..%2F${file.key}`, `u/${bob.id}/${file.key}/..`].map(
        (key) => download(bob, key),
      ),
    );
    expect(answers.map((response) => response.status)).toEqual(answers.map(() => 404));
    expect(new Set(await Promise.all(answers.map((response) => response.text()))).size).toBe(1);
    expect((await download(null, file.key)).status).toBe(401);
  });

  test.each([
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "text/xml",
    "application/pdf",
    "nonsense",
    "text/html; charset=x\u0000",
  ])("serves %s as a download that can run nothing", async (type) => {
    const file = await refOf(await upload(alice, "page.html", "<script>alert(1)</script>", { "content-type": type.replace("\u0000", "") }));
    const { headers } = await download(alice, file.key);
    expect(headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("cache-control")).toContain("private");
  });

  test("gives back every naughty name so that it is one file name in one header", async () => {
    for (const name of NAUGHTY_STRINGS.filter((text) => text.length <= 255)) {
      const response = await upload(alice, name, "x");
      const file = await refOf(response);
      const { headers } = await download(alice, file.key);
      const disposition = headers.get("content-disposition") ?? "";
      expect(decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(disposition)?.[1] ?? "")).toBe(file.name);
      expect(file.name).not.toMatch(/[/\\\p{Cc}]/u);
    }
  });
});

describe("file names", () => {
  const name = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(...NAUGHTY_STRINGS),
    fc.string({ unit: fc.constantFrom("é", "👋", "/", ".", "a") }),
  );

  test("cleanFileName() always gives a plain name of at most 255 bytes, and gives it again for itself", () => {
    fc.assert(
      fc.property(name, (given) => {
        const clean = cleanFileName(given);
        expect(clean).not.toMatch(/^$|^\.|[/\\\p{Cc}]/u);
        expect(new TextEncoder().encode(clean).byteLength).toBeLessThanOrEqual(255);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanFileName(clean)).toBe(clean);
      }),
    );
  });

  test("fileKey() is below the user's folder and does not tell what the file is called", () => {
    expect(fileKey("alice", 0, "0-0")).toBe("u/alice/uploads/1970-01/0-0");
  });

  test("contentDisposition() is one line of ASCII that holds the name", () => {
    fc.assert(
      fc.property(name, (given) => {
        const header = contentDisposition("attachment", cleanFileName(given));
        expect(header).toMatch(/^attachment; filename="[^"\\]*"; filename\*=UTF-8''[A-Za-z0-9\-._~!%]+$/);
        expect(header).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });

  test("cleanFileName() keeps a short extension when it cuts", () => {
    expect(cleanFileName(`${"é".repeat(200)}.pdf`)).toMatch(/^é+\.pdf$/);
  });
});
