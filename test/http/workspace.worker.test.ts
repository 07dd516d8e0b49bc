import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { FileView, Listing, ShareView } from "../../src/workspace/shapes.ts";
import { makePdf } from "../knowledge/make-pdf.ts";
import { makeXlsx, numbers, texts } from "../knowledge/make-xlsx.ts";
import { type Client, codeOf, join, ORIGIN, setUp } from "../auth/client.ts";

let ada: Client;
let bob: Client;

beforeAll(async () => {
  const owner = await setUp();
  ada = await join(owner, "Ada");
  bob = await join(owner, "Bob");
}, 60_000);

const PATH = "/api/v1/workspace";
const content = (path: string, query = ""): string => `${PATH}/content?path=${encodeURIComponent(path)}${query}`;
/** Bytes, as a browser asks for them. */
const ask = (client: Client, path: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set("cookie", client.cookie ?? "");
  headers.set("origin", ORIGIN);
  return exports.default.fetch(`${ORIGIN}${path}`, { ...init, headers });
};
const put = (client: Client, path: string, body: BodyInit, mime = "text/plain"): Promise<Response> =>
  ask(client, content(path), { method: "PUT", body, headers: { "content-type": mime } });
/** What is not always there. */
const mine = async (client: Client): Promise<string[]> =>
  (await list(client)).files.map(({ path }) => path).filter((path) => path !== "/HEARTBEAT.md");
const list = async (client: Client, query = ""): Promise<Listing> => Listing.parse((await client.call("GET", `${PATH}${query}`)).body);

describe("the files routes", () => {
  test("upload, list, read, move, delete and bring back", async () => {
    const file = FileView.parse(await (await put(ada, "/notes/a.txt", "hello")).json());
    expect(file).toMatchObject({ path: "/notes/a.txt", size: 5, version: 1, author: "user", untrusted: "a file that was uploaded" });
    const big = crypto.getRandomValues(new Uint8Array(60_000));
    const bytes = new Uint8Array(300_000).map((_, at) => big[at % 60_000] ?? 0);
    expect((await put(ada, "/data/big.bin", bytes, "application/octet-stream")).status).toBe(200);
    expect(new Uint8Array(await (await ask(ada, content("/data/big.bin"))).arrayBuffer())).toEqual(bytes);
    const part = await ask(ada, content("/data/big.bin"), { headers: { range: "bytes=299990-" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 299990-299999/300000"]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(299_990));
    expect((await ask(ada, content("/data/big.bin"), { headers: { range: "bytes=300000-" } })).status).toBe(416);
    expect(await list(ada)).toMatchObject({
      folders: [
        { path: "/data", bytes: 300_000 },
        { path: "/notes", files: 1 },
      ],
      usage: { files: 2, bytes: 300_005 },
    });
    await put(ada, "/notes/a.txt", "changed");
    expect(await (await ask(ada, content("/notes/a.txt", "&version=1"))).text()).toBe("hello");
    expect((await ada.call("POST", `${PATH}/move`, { from: "/notes", to: "/old/notes" })).status).toBe(200);
    expect(await list(ada, "?search=*.txt")).toMatchObject({ files: [{ path: "/old/notes/a.txt", version: 2 }] });
    expect((await ada.call("DELETE", `${PATH}/file?path=/old`)).status).toBe(200);
    const [gone] = (await list(ada, "?state=deleted")).files;
    expect((await ada.call("POST", `${PATH}/restore`, { id: gone?.id })).body).toMatchObject({ path: "/old/notes/a.txt" });
    expect((await ada.call("POST", `${PATH}/restore`, { path: "/old/notes/a.txt", version: 1 })).body).toMatchObject({
      version: 3,
      size: 5,
    });
    expect((await ada.call("GET", `${PATH}/versions?path=/old/notes/a.txt`)).body).toMatchObject({ versions: { length: 3 } });
  });

  test("send what could run as a download in which nothing runs", async () => {
    await put(ada, "/page.html", "<script>alert(1)</script>", "text/html");
    await put(ada, "/pic.svg", "<svg onload=alert(1)>", "image/svg+xml");
    for (const path of ["/page.html", "/pic.svg"]) {
      const response = await ask(ada, content(path));
      expect(response.headers.get("content-disposition")).toMatch(/^attachment/);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'; sandbox");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test("say what a file's bytes are: their letters, their tag, and that there is no more of them", async () => {
    await put(ada, "/tag/a.txt", "ä");
    await put(ada, "/tag/b.bin", new Uint8Array(200_000), "application/octet-stream");
    for (const path of ["/tag/a.txt", "/tag/b.bin"]) {
      const etag = (await ask(ada, content(path))).headers.get("etag") ?? "";
      expect(etag).toMatch(/^"\w+"$/);
      const same = await ask(ada, content(path), { headers: { "if-none-match": `"other", W/${etag}` } });
      expect([same.status, same.headers.get("etag"), await same.text()]).toEqual([304, etag, ""]);
      expect((await ask(ada, content(path), { headers: { "if-none-match": '"other"' } })).status).toBe(200);
      const part = await ask(ada, content(path), { headers: { range: "bytes=0-0", "if-range": etag } });
      expect(part.status).toBe(path === "/tag/b.bin" ? 206 : 200);
    }
    expect((await ask(ada, content("/tag/a.txt"))).headers.get("content-type")).toBe("text/plain;charset=utf-8");
    const changed = await ask(ada, content("/tag/b.bin"), { headers: { range: "bytes=0-0", "if-range": '"other"' } });
    expect([changed.status, (await changed.arrayBuffer()).byteLength]).toEqual([200, 200_000]);
    const beyond = await ask(ada, content("/tag/b.bin"), { headers: { range: "bytes=200000-" } });
    expect([beyond.status, beyond.headers.get("content-range"), await beyond.json()]).toEqual([
      416,
      "bytes */200000",
      { error: { code: "range_not_satisfiable", message: expect.stringContaining("200000 bytes") } },
    ]);
  });

  test("change a file only as the writer read it, of any size: PUT, DELETE and move with If-Match and If-None-Match", async () => {
    const tag = async (path: string): Promise<string> => (await ask(ada, content(path), { method: "HEAD" })).headers.get("etag") ?? "";
    const when = (path: string, body: BodyInit, headers: Record<string, string>): Promise<Response> =>
      ask(ada, content(path), { method: "PUT", body, headers: { "content-type": "application/octet-stream", ...headers } });
    for (const size of [10, 200_000]) {
      const path = `/when/${size}.bin`;
      const filled = (value: number): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(value);
      expect((await when(path, filled(0), { "if-match": "*" })).status).toBe(412);
      const made = await when(path, filled(0), { "if-none-match": "*" });
      const first = await tag(path);
      expect([made.status, made.headers.get("etag")]).toEqual([200, first]);
      const second = await when(path, filled(1), { "if-match": `"other", ${first}` });
      expect([second.status, second.headers.get("etag")]).toEqual([200, await tag(path)]);
      expect(second.headers.get("etag")).not.toBe(first);
      for (const [name, value] of [
        ["if-match", first],
        ["if-none-match", "*"],
      ] as const) {
        const refused = await when(path, filled(2), { [name]: value });
        expect([refused.status, refused.headers.get("etag"), await refused.json()]).toEqual([
          412,
          await tag(path),
          { error: { code: "precondition_failed", message: expect.any(String), details: { etag: await tag(path) } } },
        ]);
      }
      const json = { "content-type": "application/json" };
      const move = { method: "POST", body: JSON.stringify({ from: path, to: `${path}.old` }) };
      expect((await ask(ada, `${PATH}/move`, { ...move, headers: { ...json, "if-match": first } })).status).toBe(412);
      expect((await ask(ada, `${PATH}/move`, { ...move, headers: { ...json, "if-match": `W/${await tag(path)}` } })).status).toBe(200);
      const gone = { method: "DELETE", headers: { "if-match": first } };
      expect((await ask(ada, `${PATH}/file?path=${path}.old`, gone)).status).toBe(412);
      expect((await ask(ada, `${PATH}/file?path=${path}`, gone)).status).toBe(404);
      expect(await tag(`${path}.old`)).toBe(second.headers.get("etag"));
    }
    expect((await ask(ada, `${PATH}/file?path=/when`, { method: "DELETE", headers: { "if-match": '"a"' } })).status).toBe(412);
    expect((await ask(ada, `${PATH}/file?path=/when`, { method: "DELETE", headers: { "if-match": "*" } })).status).toBe(200);
  });

  test("are each person's own, and refuse bad paths and bodies with a code", async () => {
    await put(ada, "/secret.txt", "mine");
    expect((await bob.call("GET", `${PATH}/file?path=/secret.txt`)).status).toBe(404);
    expect(await mine(bob)).toEqual([]);
    for (const path of ["../x", "/a/../../../u/other/x", "..%2f", "\\x", "/", "x/", ""]) {
      for (const answer of [
        await bob.call("GET", `${PATH}/file?path=${encodeURIComponent(path)}`),
        await bob.call("DELETE", `${PATH}/file?path=${encodeURIComponent(path)}`),
        await bob.call("POST", `${PATH}/move`, { from: "/a", to: path }),
        await bob.call("POST", `${PATH}/shares`, { path }),
      ])
        expect([400, 404], `${path} ${JSON.stringify(answer.body)}`).toContain(answer.status);
      expect((await put(bob, path, "x")).status, path).toBe(400);
    }
    for (const body of [{}, { path: "/a" }, { id: "" }, { path: "/a", version: 0 }, null])
      expect((await bob.call("POST", `${PATH}/restore`, body)).status).toBe(400);
    for (const answer of [await bob.call("GET", `${PATH}/file`), await bob.call("GET", `${PATH}?limit=0`)])
      expect([answer.status, codeOf(answer)]).toEqual([400, "invalid_request"]);
    expect((await list(bob)).usage.bytes).toBe(0);
  });

  test("keep nothing of an upload that breaks off, of any size", async () => {
    for (const declared of [1_000, 500_000]) {
      const response = await ask(bob, content("/broken.bin"), {
        method: "PUT",
        body: new Uint8Array(10),
        headers: { "content-length": String(declared), "content-type": "application/octet-stream" },
      });
      expect(response.status).toBe(400);
    }
    expect(await mine(bob)).toEqual([]);
  });

  test("answer an upload that has no place, of any size", async () => {
    await put(ada, "/a.txt", "a file, not a folder");
    for (const size of [1_000, 500_000]) {
      const response = await ask(ada, content("/a.txt/within.bin"), {
        method: "PUT",
        body: new Uint8Array(size),
        headers: { "content-length": String(size), "content-type": "application/octet-stream" },
      });
      expect([response.status, await response.json()]).toEqual([409, { error: expect.objectContaining({ code: "conflict" }) }]);
    }
  });
});

test("GET /workspace/text says what a PDF says, and what has no text", async () => {
  const text = (path: string) => ada.call("GET", `${PATH}/text?path=${path}`);
  await put(ada, "/read/a.pdf", new Uint8Array(makePdf({ pages: [["What the paper says."]] })), "application/pdf");
  expect(await text("/read/a.pdf")).toMatchObject({ status: 200, body: { text: "What the paper says.", markdown: false, cut: false } });
  const book = makeXlsx([{ name: "a", data: texts(1, "what", "cost") + numbers(2, [1, 0], [12.5, 3]) }]);
  await put(ada, "/read/a.xlsx", new Uint8Array(book), "");
  expect(await text("/read/a.xlsx")).toMatchObject({ body: { text: "| what | cost |\n| - | - |\n| 1 | 12.5 € |", markdown: true } });
  // It is all letters, which say nothing by themselves.
  await put(ada, "/read/a.rtf", String.raw`{\rtf1 \b What it says.\par}`, "");
  expect(await text("/read/a.rtf")).toMatchObject({ body: { text: "What it says.", markdown: true } });
  const mail = ["From: Bo <bo@example.com>", "Subject: =?utf-8?B?Q2Fmw6k=?=", "Content-Transfer-Encoding: base64", "", btoa("At six.")];
  await put(ada, "/read/a.eml", mail.join("\r\n"), "");
  const says = "Café\n\nFrom: Bo <bo@example.com>\n\nAt six.";
  expect(await text("/read/a.eml")).toMatchObject({ body: { text: says, markdown: false } });
  await put(ada, "/read/long.txt", "ä".repeat(250_000));
  expect(await text("/read/long.txt")).toMatchObject({ body: { text: "ä".repeat(200_000), cut: true } });
  await put(ada, "/read/b.pdf", new Uint8Array([0, 1, 2, 3]), "application/pdf");
  const refused = await text("/read/b.pdf");
  expect([refused.status, codeOf(refused)]).toEqual([400, "unsupported"]);
  expect((await bob.call("GET", `${PATH}/text?path=/read/a.pdf`)).status).toBe(404);
});

describe("GET /share/{token}", () => {
  const share = async (path: string): Promise<ShareView> => ShareView.parse((await ada.call("POST", `${PATH}/shares`, { path })).body);
  const read = (link: string, init: RequestInit = {}): Promise<Response> => exports.default.fetch(`${ORIGIN}${link}`, init);

  test("lets anybody read the one file, as it is now, until it is taken back", async () => {
    await put(ada, "/shared.txt", "first");
    const { link, id } = await share("/shared.txt");
    await put(ada, "/shared.txt", "second");
    const response = await read(link);
    expect(await response.text()).toBe("second");
    expect(response.headers.get("x-robots-tag")).toContain("noindex");
    expect(response.headers.get("cache-control")).toContain("no-store");
    expect(z.object({ shares: z.array(ShareView) }).parse((await ada.call("GET", `${PATH}/shares`)).body).shares).toMatchObject([
      { id, path: "/shared.txt" },
    ]);
    expect((await bob.call("DELETE", `${PATH}/shares/${id}`)).status).toBe(404);
    expect((await ada.call("DELETE", `${PATH}/shares/${id}`)).status).toBe(204);
    expect((await read(link)).status).toBe(401);
  });

  test("gives a part, nothing where it is known, and the headers alone, as the owner gets them", async () => {
    await put(ada, "/film.bin", new Uint8Array(200_000).fill(7), "application/octet-stream");
    const { link } = await share("/film.bin");
    const head = await read(link, { method: "HEAD" });
    const etag = head.headers.get("etag") ?? "";
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "200000", ""]);
    expect(etag).toMatch(/^"\w+"$/);
    const part = await read(link, { headers: { range: "bytes=-5", "if-range": etag } });
    expect([part.status, part.headers.get("content-range"), (await part.arrayBuffer()).byteLength]).toEqual([
      206,
      "bytes 199995-199999/200000",
      5,
    ]);
    expect(part.headers.get("cache-control")).toContain("no-store");
    const other = await read(link, { headers: { range: "bytes=-5", "if-range": '"other"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, 200_000]);
    expect((await read(link, { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await read(link, { headers: { range: "bytes=200000-" } })).status).toBe(416);
  });

  test("leads nowhere for a link that was made up, changed or lengthened, or whose file is gone: one same answer", async () => {
    await put(ada, "/gone.txt", "x");
    const { link } = await share("/gone.txt");
    const [user = "", id = "", end = "", signature = ""] = link.replace("/share/", "").split(".");
    const later = (Number.parseInt(end, 36) + 1_000_000).toString(36);
    const answers: string[] = [];
    for (const one of [
      `/share/${user}.${id}.${later}.${signature}`,
      `/share/${user}.${"A".repeat(32)}.${end}.${signature}`,
      `/share/${"0".repeat(36)}.${id}.${end}.${signature}`,
      `/share/${user}.${id}.${end}.${"A".repeat(43)}`,
      `/share/${user}.${id}.1.${signature}`,
      "/share/x",
    ]) {
      const response = await read(one);
      expect(response.status, one).toBe(401);
      answers.push(await response.text());
    }
    await ada.call("DELETE", `${PATH}/file?path=/gone.txt`);
    answers.push(await (await read(link)).text());
    const messages = new Set(
      answers.map((text) => z.object({ error: z.object({ message: z.string() }) }).parse(JSON.parse(text)).error.message),
    );
    expect([...messages]).toEqual(["This link leads nowhere. It may have ended, or been taken back."]);
    const page = await exports.default.fetch(`${ORIGIN}${link}`, { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([page.status, page.headers.get("content-type")]).toEqual([401, "text/html; charset=utf-8"]);
    expect(await page.text()).toContain("It may have ended, or been taken back. Ask whoever sent it");
  });
});
