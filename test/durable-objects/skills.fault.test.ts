import { exports } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { SkillDetail, SkillInstalled } from "../../src/skills/shapes.ts";
import { writeZip } from "../../src/skills/write-zip.ts";
import { type Client, join, ORIGIN, setUp } from "../auth/client.ts";
import { crash } from "../support/crash.ts";

let ada: Client;
beforeAll(async () => {
  ada = await join(await setUp(), "Ada");
}, 60_000);

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const zip = (version: number) =>
  writeZip("notes", [
    { path: "SKILL.md", bytes: bytes("---\nname: notes\ndescription: Keeps notes.\n---\nKeep them.") },
    { path: "assets/a.bin", bytes: new Uint8Array(1_500_000).fill(version) },
  ]);
const install = (version: number): Promise<Response> =>
  exports.default.fetch(`${ORIGIN}/api/v1/skills`, {
    method: "POST",
    body: zip(version),
    headers: { cookie: ada.cookie ?? "", origin: ORIGIN, "content-type": "application/zip" },
  });

test("an object that ends in the middle of an installation has all of a version or nothing of it", async () => {
  for (const [version, rounds] of [0, 2, 5, 9].entries()) {
    const sent = install(version).catch(() => null);
    for (let round = 0; round < rounds; round++) await new Promise((resolve) => setTimeout(resolve, 1));
    await crash();
    await sent;
    const { outcome, skill, versions } = SkillInstalled.parse(await (await install(version)).json());
    expect(["new", "same", "updated"]).toContain(outcome);
    expect(skill.state).toBe("new");
    const content = await ada.call("GET", `/api/v1/skills/notes`);
    expect(SkillDetail.parse(content.body).versions).toHaveLength(versions.length);
    expect(versions.length).toBe(version + 1);
    const file = await exports.default.fetch(`${ORIGIN}/api/v1/skills/notes/content?path=assets/a.bin&version=${skill.version}`, {
      headers: { cookie: ada.cookie ?? "" },
    });
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array(1_500_000).fill(version));
  }
});
