import { beforeAll, describe, expect, test } from "vitest";
import { AuditEntry, verifyChain } from "../../src/audit/entry.ts";
import { sha256Hex } from "../../src/audit/hash.ts";
import { z } from "zod";
import { type Answer, type Client, join, setUp } from "../auth/client.ts";

let ada: Client;
let eve: Client;

beforeAll(async () => {
  const owner = await setUp();
  [ada, eve] = [await join(owner, "Ada"), await join(owner, "Eve")];
  await ada.field("tier", "PATCH", "/api/v1/settings", { tools: { add_todo: "ask" } });
}, 60_000);

const list = (answer: Answer, name: string): Record<string, unknown>[] => {
  expect(answer.status).toBe(200);
  return z.array(z.record(z.string(), z.unknown())).parse(Reflect.get(Object(answer.body), name));
};

/** Asks for a to-do; gives the approval's id. */
async function ask(title: string): Promise<string> {
  const answer = await ada.call("POST", "/api/v1/chat", { message: `add task: ${title}` });
  expect(answer.body).toMatchObject({ status: "waiting_approval" });
  return String(Reflect.get(Object(answer.body), "approvals")[0]);
}
const todos = async () => JSON.stringify((await ada.call("GET", "/api/v1/todos")).body);
const settled = (id: string) => expect.poll(() => ada.field("state", "GET", `/api/v1/approvals/${id}`));

describe("/api/v1/approvals", () => {
  test("are listed, shown whole and approved", async () => {
    const id = await ask("buy oats");
    const waiting = list(await ada.call("GET", "/api/v1/approvals"), "approvals");
    expect(waiting).toMatchObject([{ id, state: "pending", tool: "add_todo", arguments: expect.stringContaining("buy oats") }]);
    expect((await ada.call("POST", `/api/v1/approvals/${id}/approve`, {})).status).toBe(200);
    await settled(id).toBe("done");
    expect(await todos()).toContain("buy oats");
    expect((await ada.call("POST", `/api/v1/approvals/${id}/approve`, {})).body).toMatchObject({ error: { code: "conflict" } });
    expect(list(await ada.call("GET", "/api/v1/approvals"), "approvals")).toEqual([]);
    expect(list(await ada.call("GET", "/api/v1/approvals?state=all"), "approvals")).toMatchObject([{ id, state: "done" }]);
  });

  test("are rejected with a note", async () => {
    const id = await ask("buy chalk");
    const answer = await ada.call("POST", `/api/v1/approvals/${id}/reject`, { note: "I have chalk" });
    expect(answer.body).toMatchObject({ state: "denied", note: "I have chalk", answered_on: "web" });
    expect(await todos()).not.toContain("buy chalk");
  });

  test("are nobody else's, and wrong requests change nothing", async () => {
    const id = await ask("buy nails");
    for (const path of [`/api/v1/approvals/${id}`, "/api/v1/approvals/nothing"])
      expect((await eve.call("GET", path)).body).toMatchObject({ error: { code: "not_found" } });
    expect((await eve.call("POST", `/api/v1/approvals/${id}/approve`, {})).status).toBe(404);
    for (const body of [{ scope: "forever" }, { note: 5 }, { note: "x".repeat(2_001) }, []])
      expect((await ada.call("POST", `/api/v1/approvals/${id}/approve`, body)).status).toBe(400);
    expect((await ada.call("GET", "/api/v1/approvals?limit=0")).status).toBe(400);
    const anonymous = await fetchAs(`/api/v1/approvals/${id}/approve`);
    expect(anonymous).toBe(401);
    expect(await ada.field("state", "GET", `/api/v1/approvals/${id}`)).toBe("pending");
  });

  test("for the task, or always, make permissions that are listed, searched and taken back", async () => {
    const id = await ask("buy salt");
    await ada.call("POST", `/api/v1/approvals/${id}/approve`, { scope: "always" });
    const [grant] = list(await ada.call("GET", "/api/v1/grants?search=add_todo"), "grants");
    expect(grant).toMatchObject({ tool: "add_todo", scope: "always", active: true, destinations: null, approval_id: id });
    expect(list(await ada.call("GET", "/api/v1/grants?search=mail"), "grants")).toEqual([]);
    expect(list(await eve.call("GET", "/api/v1/grants"), "grants")).toEqual([]);
    const path = `/api/v1/grants/${String(grant?.["id"])}`;
    expect((await eve.call("DELETE", path)).status).toBe(404);
    expect((await ada.call("DELETE", path)).body).toMatchObject({ active: false });
    expect((await ada.call("DELETE", path)).status).toBe(404);
    expect(list(await ada.call("GET", "/api/v1/grants"), "grants")).toEqual([]);
    expect(list(await ada.call("GET", "/api/v1/grants?state=all"), "grants")).toMatchObject([{ active: false }]);
  });
});

/** Without any sign-in. */
async function fetchAs(path: string): Promise<number> {
  const { exports } = await import("cloudflare:workers");
  return (
    await exports.default.fetch(`https://margay.test${path}`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    })
  ).status;
}

describe("/api/v1/audit", () => {
  test("is filtered by kind, outcome, tool, time and words, a page at a time", async () => {
    const calls = list(await ada.call("GET", "/api/v1/audit?kind=call&outcome=ask&tool=add_todo"), "entries");
    expect(calls.length).toBeGreaterThan(2);
    for (const entry of calls) expect(entry).toMatchObject({ kind: "call", event: "ask", tool: "add_todo" });
    expect(list(await ada.call("GET", `/api/v1/audit?since=${Date.now() + 60_000}`), "entries")).toEqual([]);
    expect(list(await ada.call("GET", "/api/v1/audit?until=2020-01-01"), "entries")).toEqual([]);
    expect(list(await ada.call("GET", "/api/v1/audit?text=oats"), "entries").length).toBeGreaterThan(0);
    const first = await ada.call("GET", "/api/v1/audit?limit=3");
    const before = Number(Reflect.get(Object(first.body), "next_before"));
    const second = list(await ada.call("GET", `/api/v1/audit?limit=3&before=${before}`), "entries");
    expect(second.every(({ seq }) => Number(seq) < before)).toBe(true);
    for (const wrong of ["since=yesterday-ish", "kind=everything", "limit=9999"])
      expect((await ada.call("GET", `/api/v1/audit?${wrong}`)).status, wrong).toBe(400);
    expect(list(await eve.call("GET", "/api/v1/audit?tool=add_todo"), "entries")).toEqual([]);
  });

  test("is exported whole as JSON that checks without the server, and as CSV", async () => {
    const exported = await ada.call("GET", "/api/v1/audit/export");
    expect(exported.headers.get("content-disposition")).toMatch(/attachment; filename="margay-audit-.*\.json"/);
    const entries = z.array(AuditEntry).parse(exported.body);
    const report = await ada.call("GET", "/api/v1/audit/verify");
    const { fault, head } = verifyChain(entries, sha256Hex);
    expect(fault).toBeNull();
    expect(report.body).toMatchObject({ ok: true, entries: entries.length, head, fault: null });
    expect((await ada.call("GET", "/api/v1/audit/export?format=csv&kind=call")).headers.get("content-type")).toContain("text/csv");
    expect((await ada.call("GET", "/api/v1/audit/export?format=xml")).status).toBe(400);
  });
});

test("/api/v1/undo takes back the last change, or the one that is named, and /api/v1/calls says what came of it", async () => {
  await ada.field("tier", "PATCH", "/api/v1/settings", { tools: {} });
  await ada.call("POST", "/api/v1/chat", { message: "add task: sweep the yard" });
  await ada.call("POST", "/api/v1/chat", { message: "add task: mop the floor" });
  const changes = list(await ada.call("GET", "/api/v1/undo"), "changes");
  expect(changes.slice(0, 2)).toMatchObject([{ summary: "Added “mop the floor”" }, { summary: "Added “sweep the yard”" }]);
  const id = String(changes[1]?.["id"]);
  const call = `/api/v1/calls/${encodeURIComponent(id)}`;
  expect((await ada.call("GET", call)).body).toMatchObject({
    id,
    status: "done",
    output: { added: { title: "sweep the yard" } },
    untrusted: null,
  });
  expect((await eve.call("GET", call)).status).toBe(404);
  expect((await eve.call("POST", "/api/v1/undo", { id })).status).toBe(404);
  expect((await ada.call("POST", "/api/v1/undo", { id })).body).toMatchObject({ result: "Took back “sweep the yard”" });
  expect((await ada.call("POST", "/api/v1/undo", { id })).body).toMatchObject({ error: { code: "not_found" } });
  expect((await ada.call("POST", "/api/v1/undo", {})).body).toMatchObject({ result: "Took back “mop the floor”" });
  expect(await todos()).not.toMatch(/sweep|mop/);
});

describe("/api/v1/secrets", () => {
  test("are stored, listed without their values, and deleted", async () => {
    const value = "s3cr3t-value-that-nobody-sees";
    const use = { hosts: ["api.github.com", "*.example.org"], place: "bearer" };
    expect((await ada.call("PUT", "/api/v1/secrets/github", { value, use })).body).toEqual({ name: "github", last_four: "sees" });
    const answer = await ada.call("GET", "/api/v1/secrets");
    expect(JSON.stringify(answer.body)).not.toContain(value);
    expect(list(answer, "secrets")).toMatchObject([{ name: "github", last_four: "sees", used_at: null, use, system: false }]);
    expect(list(await eve.call("GET", "/api/v1/secrets"), "secrets")).toEqual([]);
    expect((await ada.call("PUT", "/api/v1/secrets/github", { use: { ...use, hosts: ["api.example.org"] } })).body).toEqual({
      name: "github",
      last_four: "sees",
    });
    expect(list(await ada.call("GET", "/api/v1/secrets"), "secrets")).toMatchObject([{ use: { hosts: ["api.example.org"] } }]);
    expect((await ada.call("PUT", "/api/v1/secrets/github", { value: `${value}-rotated` })).status).toBe(200);
    expect(list(await ada.call("GET", "/api/v1/secrets"), "secrets")).toMatchObject([
      { last_four: "ated", use: { hosts: ["api.example.org"] } },
    ]);
    expect((await ada.call("PUT", "/api/v1/secrets/github", {})).status).toBe(400);
    expect((await ada.call("PUT", "/api/v1/secrets/github", { value, use: null })).status).toBe(200);
    expect(list(await ada.call("GET", "/api/v1/secrets"), "secrets")).toMatchObject([{ use: null }]);
    expect((await eve.call("PUT", "/api/v1/secrets/github", { use })).status).toBe(404);
    expect((await eve.call("DELETE", "/api/v1/secrets/github")).status).toBe(404);
    expect((await ada.call("DELETE", "/api/v1/secrets/github")).status).toBe(204);
    expect((await ada.call("DELETE", "/api/v1/secrets/github")).status).toBe(404);
  });

  test("with a bad name, value or host are refused", async () => {
    const put = async (name: string, body: unknown) => (await ada.call("PUT", `/api/v1/secrets/${name}`, body)).status;
    for (const name of ["UPPER", "telegram%3A1", "a%20b", "-x", "x".repeat(65)]) expect(await put(name, { value: "v" }), name).toBe(400);
    for (const body of [{ value: "" }, { value: 5 }, { value: "v", use: { hosts: [], place: "bearer" } }, { value: "x".repeat(20_001) }])
      expect(await put("a", body)).toBe(400);
    for (const host of ["*", "*.com", "not a host", "https://example.com/x", ""])
      expect(await put("a", { value: "v", use: { hosts: [host], place: "bearer" } }), host).toBe(400);
    expect(await put("a", { value: "v", use: { hosts: ["api.example.org"], place: "header" } })).toBe(400);
    expect(list(await ada.call("GET", "/api/v1/secrets"), "secrets")).toEqual([]);
  });
});

test("/api/v1/settings/versions show who changed what, and go back", async () => {
  await ada.field("persona", "PATCH", "/api/v1/settings", { persona: "Be kind." });
  await ada.field("persona", "PATCH", "/api/v1/settings", { persona: "Be brief.", approval_minutes: { external: 5 } });
  const versions = list(await ada.call("GET", "/api/v1/settings/versions"), "versions");
  expect(versions[0]).toMatchObject({
    author: "user",
    channel: "web",
    current: true,
    changes: [
      { field: "approval_minutes.external", before: null, after: "5" },
      { field: "persona", before: "Be kind.", after: "Be brief." },
    ],
  });
  const kind = Number(versions[1]?.["version"]);
  expect((await ada.call("GET", `/api/v1/settings/versions/${kind}/diff`)).body).toMatchObject({
    changes: [{ field: "approval_minutes.external" }, { field: "persona", before: "Be kind.", after: "Be brief." }],
  });
  expect((await ada.call("POST", `/api/v1/settings/versions/${kind}/restore`)).status).toBe(200);
  expect((await ada.call("GET", "/api/v1/settings")).body).toMatchObject({ persona: "Be kind.", approval_minutes: {} });
  expect((await eve.call("POST", `/api/v1/settings/versions/${kind}/restore`)).status).toBe(404);
  for (const body of [{ persona: "x".repeat(4_001) }, { approval_minutes: { external: 1 } }, { tools: { a: "never" } }])
    expect((await ada.call("PATCH", "/api/v1/settings", body)).status).toBe(400);
});
