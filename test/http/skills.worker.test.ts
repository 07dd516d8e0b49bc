import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { readZip } from "../../src/skills/read-zip.ts";
import { SkillDetail, SkillInstalled, SkillList, SkillRunResult } from "../../src/skills/shapes.ts";
import { writeZip } from "../../src/skills/write-zip.ts";
import { type Client, codeOf, join, ORIGIN, setUp } from "../auth/client.ts";

let ada: Client;
let bob: Client;

beforeAll(async () => {
  const owner = await setUp();
  ada = await join(owner, "Ada");
  bob = await join(owner, "Bob");
}, 60_000);

const PATH = "/api/v1/skills";
const MANIFEST = `---
name: sums
description: Adds numbers up.
permissions:
  paths:
    write: [/outputs/sums]
---

Run scripts/sum.js.
`;
const SCRIPT = `import { add } from "./lib.js";
const total = args.numbers.reduce(add, 0);
await files.write("/outputs/sums/total.txt", String(total));
let network = "";
try {
  await fetch("https://example.com");
} catch (error) {
  network = error.message;
}
return { total, tools: Object.keys(tools), network };
`;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const files = [
  { path: "SKILL.md", bytes: bytes(MANIFEST) },
  { path: "scripts/sum.js", bytes: bytes(SCRIPT) },
  { path: "scripts/lib.js", bytes: bytes("export const add = (a, b) => a + b;") },
];

const ask = (client: Client, path: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set("cookie", client.cookie ?? "");
  headers.set("origin", ORIGIN);
  return exports.default.fetch(`${ORIGIN}${path}`, { ...init, headers });
};
const send = async (
  client: Client,
  body: BodyInit,
  type?: string,
  query = "",
): Promise<{ status: number; body: unknown; headers: Headers }> => {
  const response = await ask(client, `${PATH}${query}`, {
    method: "POST",
    body,
    ...(type === undefined ? {} : { headers: { "content-type": type } }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
};

describe("the skills routes", () => {
  test("a zip is installed, looked at, enabled and run with what it was granted; it exports what came in", async () => {
    const installed = await send(ada, writeZip("sums", files), "application/zip");
    expect(installed.status).toBe(201);
    const { skill, outcome, versions } = SkillInstalled.parse(installed.body);
    expect(outcome).toBe("new");
    expect(skill).toMatchObject({ name: "sums", state: "new", risk: "L2" });
    expect(versions[0]?.files.map(({ path, runs }) => [path, runs])).toEqual([
      ["SKILL.md", null],
      ["scripts/lib.js", "javascript"],
      ["scripts/sum.js", "javascript"],
    ]);
    const run = async () =>
      SkillRunResult.parse((await ada.call("POST", `${PATH}/sums/run`, { script: "scripts/sum.js", args: { numbers: [1, 2, 39] } })).body);
    expect(await run()).toMatchObject({ status: "failed", summary: expect.stringContaining("is not enabled") });
    expect((await ada.call("POST", `${PATH}/nothing/run`, { script: "scripts/sum.js" })).status).toBe(404);
    const enabled = await ada.call("POST", `${PATH}/sums/enable`, { version: skill.version, permissions: skill.granted });
    expect(SkillDetail.parse(enabled.body).skill.state).toBe("enabled");
    expect(await run()).toMatchObject({ status: "failed", output: { error: { message: expect.stringContaining("files") } } });
    await ada.call("POST", `${PATH}/sums/enable`, { version: skill.version, permissions: versions[0]?.permissions });
    expect(await run()).toMatchObject({
      status: "done",
      output: {
        value: { total: 42, tools: [], network: expect.stringContaining("no network") },
        files_written: ["/outputs/sums/total.txt"],
      },
    });
    const uses = await ada.call("GET", `${PATH}/sums/uses`);
    expect(uses.body).toMatchObject({ uses: [{ kind: "run", ended: "done", file: "scripts/sum.js" }, { ended: "failed" }] });
    const exported = await ask(ada, `${PATH}/sums/export`);
    expect(exported.headers.get("content-disposition")).toContain("sums.zip");
    const again = readZip(new Uint8Array(await exported.arrayBuffer()));
    expect(again.entries).toHaveLength(3);
    const content = await ask(ada, `${PATH}/sums/content?path=scripts/sum.js`);
    expect(await content.text()).toBe(SCRIPT);
    expect(content.headers.get("content-security-policy")).toContain("sandbox");
    expect(content.headers.get("content-type")).toContain("text/plain");
  });

  test("a folder from a form is the same version, and a pasted text a skill of its own", async () => {
    const form = new FormData();
    for (const { path, bytes: content } of files) form.append("files", new File([content], `sums/${path}`));
    form.append("files", new File(["x"], "sums/.DS_Store"));
    expect(SkillInstalled.parse((await send(ada, form)).body).outcome).toBe("same");
    const pasted = await send(
      ada,
      JSON.stringify({ text: "---\nname: hello\ndescription: Says hello.\n---\nSay hello." }),
      "application/json",
    );
    expect(SkillInstalled.parse(pasted.body)).toMatchObject({ outcome: "new", skill: { origin: "paste", risk: "L1" } });
    expect(SkillList.parse((await ada.call("GET", PATH)).body).skills.map(({ name }) => name)).toContain("hello");
    expect((await ada.call("DELETE", `${PATH}/hello`)).status).toBe(200);
    expect((await ada.call("POST", `${PATH}/hello/restore`)).status).toBe(200);
  });

  test("bad input is a sentence with a code, never a fault", async () => {
    for (const [body, type, code] of [
      ["", "application/zip", "invalid_request"],
      ["no zip", "application/zip", "invalid_request"],
      ["{", "application/json", "invalid_request"],
      ["{}", "application/json", "invalid_request"],
      [JSON.stringify({ text: "no frontmatter" }), "application/json", "invalid_request"],
      [JSON.stringify({ url: "https://10.0.0.1/acme/skills" }), "application/json", "unsupported"],
      [JSON.stringify({ url: "https://git.internal/acme/skills.git" }), "application/json", "unsupported"],
      ["x", "multipart/form-data; boundary=a", "invalid_request"],
      [new Uint8Array(21 * 1024 * 1024), "application/zip", "payload_too_large"],
    ] as const)
      expect(codeOf(await send(ada, body, type))).toBe(code);
    for (const [method, path, body] of [
      ["GET", `${PATH}/none`, undefined],
      ["GET", `${PATH}/sums/content?path=../../x`, undefined],
      ["POST", `${PATH}/sums/enable`, { version: "0".repeat(64) }],
      ["POST", `${PATH}/none/disable`, undefined],
    ] as const)
      expect(codeOf(await ada.call(method, path, body))).toBe("not_found");
    expect(codeOf(await ada.call("DELETE", `${PATH}/timesheet`))).toBe("forbidden");
    expect(codeOf(await ada.call("POST", `${PATH}/sums/update`))).toBe("conflict");
  });

  test("what is one user's is not another's", async () => {
    expect(codeOf(await bob.call("GET", `${PATH}/sums`))).toBe("not_found");
    expect(SkillList.parse((await bob.call("GET", PATH)).body).skills.every((one) => one.built_in)).toBe(true);
  });
});
