import { describe, expect, test } from "vitest";
import { ContainerHost, type ContainerPort, sleepAfterMs } from "../../src/sandbox/linux/container-host.ts";
import { EGRESS_HEADER, writePass } from "../../src/sandbox/linux/egress-pass.ts";
import { sendOut } from "../../src/sandbox/linux/send-out.ts";

const SLEEP_AFTER_MS = sleepAfterMs("task:1");

/** A container whose server answers what a test says; `after`: so many looks until it listens. */
function home({ after = 0, answers = true, session = "task:1" }: { after?: number; answers?: boolean; session?: string } = {}) {
  const seen: { path: string; authorization: string | null; pass: string | null }[] = [];
  const started: { env: Record<string, string>; enableInternet: boolean }[] = [];
  const wakes: number[] = [];
  const state = {
    running: false,
    token: null as string | null,
    looks: after,
    intercepted: 0,
    now: 1_000_000,
    body: null as ReadableStream<Uint8Array> | null,
    leaving: null as Promise<void> | null,
  };
  const container: ContainerPort = {
    get running() {
      return state.running;
    },
    start(options) {
      expect(state.intercepted).toBeGreaterThan(0);
      started.push(options);
      state.running = true;
    },
    async destroy() {
      await state.leaving;
      state.running = false;
    },
    async fetch(_port, request) {
      if (!state.running || state.looks-- > 0 || !answers) throw new Error("nothing listens");
      const url = new URL(request.url);
      if (url.pathname === "/health") return Response.json({ ok: true });
      seen.push({
        path: `${url.pathname}${url.search}`,
        authorization: request.headers.get("authorization"),
        pass: request.headers.get(EGRESS_HEADER),
      });
      return new Response(state.body ?? "done");
    },
  };
  let tokens = 0;
  const host = new ContainerHost({
    container,
    token: { get: () => state.token, set: (token) => void (state.token = token) },
    newToken: () => `token${++tokens}`,
    intercept: async () => void state.intercepted++,
    wakeAt: async (at) => void wakes.push(at),
    sleep: async () => undefined,
    now: () => state.now,
    session,
  });
  return { host, seen, started, wakes, state };
}

const request = (path: string, headers: Record<string, string> = {}) =>
  new Request(`http://sandbox${path}`, { method: "POST", headers, body: "{}" });

describe("ContainerHost", () => {
  test("starts the container once, without network, waits for its server, and asks it by its own token", async () => {
    const { host, seen, started } = home({ after: 5 });
    const answers = await Promise.all([host.fetch(request("/v1/sessions")), host.fetch(request("/v1/sessions?x=1"))]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(["done", "done"]);
    expect(started).toHaveLength(1);
    expect(started[0]?.enableInternet).toBe(false);
    expect(started[0]?.env["SANDBOX_ISOLATION"]).toBe("container");
    expect(seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/v1/sessions", "Bearer token1"],
      ["/v1/sessions?x=1", "Bearer token1"],
    ]);
  });

  test("is not woken to have a session ended that ended with it", async () => {
    const { host, started, wakes } = home();
    const answer = await host.fetch(new Request("http://sandbox/v1/sessions/x", { method: "DELETE" }));
    expect([answer.status, started, wakes]).toEqual([204, [], []]);
    await host.fetch(request("/v1/sessions"));
    await host.fetch(new Request("http://sandbox/v1/sessions/x", { method: "DELETE" }));
    expect(started).toHaveLength(1);
  });

  test("ends with its session at once, not while a command runs; who comes meanwhile gets another", async () => {
    const { host, state, started } = home();
    const ended = () => host.fetch(new Request("http://sandbox/v1/sessions/x", { method: "DELETE" }));
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    state.body = pipe.readable;
    const answer = await host.fetch(request("/v1/sessions/y/exec"));
    state.body = null;
    expect([(await ended()).status, state.running]).toEqual([204, true]);
    await pipe.writable.close();
    await answer.text();
    const { promise, resolve: gone } = Promise.withResolvers<void>();
    state.leaving = promise;
    const ending = ended();
    await new Promise((resolve) => setTimeout(resolve, 0));
    const next = host.fetch(request("/v1/sessions"));
    gone();
    expect([(await ending).status, await (await next).text(), started.length]).toEqual([204, "done", 2]);
    expect(state.running).toBe(true);
  });

  test("does not end with one of the programs of a skill, which have a session each: another may stand between its requests", async () => {
    const { host, state } = home({ session: "skill:x" });
    for (const _ of ["a", "b"]) await (await host.fetch(request("/v1/sessions"))).text();
    await host.fetch(new Request("http://sandbox/v1/sessions/a", { method: "DELETE" }));
    expect(state.running).toBe(true);
    state.now += sleepAfterMs("skill:x") + 1;
    expect([await host.tidy(), state.running]).toEqual([true, false]);
  });

  test("takes no token from whoever asks", async () => {
    const { host, seen } = home();
    await host.fetch(request("/v1/sessions", { authorization: "Bearer mine" }));
    expect(seen[0]?.authorization).toBe("Bearer token1");
  });

  test("begins anew a container that runs with a token that nobody knows", async () => {
    const { host, started, state } = home();
    state.running = true;
    await host.fetch(request("/v1/sessions"));
    expect(started).toHaveLength(1);
  });

  test("says in the contract's words when it does not start, and when it ends in between", async () => {
    const never = home({ answers: false });
    const failed = await never.host.fetch(request("/v1/sessions"));
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { error: { code: "internal", message: "The container did not start. Try again in a minute." } },
    ]);
    expect(never.state.running).toBe(false);
    const ended = home();
    await ended.host.fetch(request("/v1/sessions"));
    ended.state.looks = 1;
    expect(await (await ended.host.fetch(request("/v1/sessions/x/exec"))).json()).toMatchObject({ error: { code: "gone" } });
  });

  test("sleeps when nobody used it for long, not while a command runs", async () => {
    const { host, state, wakes } = home();
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    state.body = pipe.readable;
    const answer = await host.fetch(request("/v1/sessions/x/exec"));
    expect(wakes.at(-1)).toBe(state.now + SLEEP_AFTER_MS);
    state.now += SLEEP_AFTER_MS + 1;
    expect(await host.tidy()).toBe(false);
    expect(state.running).toBe(true);
    await pipe.writable.close();
    await answer.text();
    // It was used until now.
    expect(await host.tidy()).toBe(false);
    state.now += SLEEP_AFTER_MS + 1;
    await expect.poll(() => host.tidy()).toBe(true);
    expect(state.running).toBe(false);
  });
});

test("ContainerHost sleeps, and lets nothing out, where whoever asked is gone and nobody reads its answer to the end", async () => {
  const { host, state } = home();
  state.body = new TransformStream<Uint8Array, Uint8Array>().readable;
  const pass = writePass({ hosts: ["api.example.com"], secret: null });
  await host.fetch(request("/v1/sessions/x/exec", { [EGRESS_HEADER]: pass }));
  expect(host.judge("https://api.example.com/").allowed).toBe(true);
  state.now += 3_600_000;
  expect(host.judge("https://api.example.com/").allowed).toBe(false);
  expect(await host.tidy()).toBe(true);
  expect(state.running).toBe(false);
});

describe("what a container may reach", () => {
  const pass = writePass({
    hosts: ["api.example.com", "pypi.org"],
    secret: { hosts: ["api.example.com"], name: "authorization", value: "Bearer s3cret" },
  });

  async function during(work: (host: ContainerHost) => Promise<void> | void): Promise<ReturnType<typeof home>> {
    const all = home();
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    all.state.body = pipe.readable;
    const answer = await all.host.fetch(request("/v1/sessions/x/exec", { [EGRESS_HEADER]: pass }));
    await work(all.host);
    await pipe.writable.close();
    await answer.text();
    return all;
  }

  test("is nothing, but what the command that runs names, by TLS, while it runs", async () => {
    const { host, seen } = await during((running) => {
      expect(running.judge("https://pypi.org/simple/numpy/")).toEqual({ allowed: true, header: null });
      for (const other of [
        "http://pypi.org/",
        "https://pypi.org:8443/",
        "https://evil.example/",
        "https://pypi.org.evil.example/",
        "https://169.254.169.254/",
        "no address",
      ])
        expect(running.judge(other), other).toEqual({ allowed: false });
    });
    await expect.poll(() => host.judge("https://pypi.org/")).toEqual({ allowed: false });
    // What is inside never hears of it.
    expect(seen.every((one) => one.pass === null)).toBe(true);
  });

  test("gets its secret on the way out, for its host only, and no redirect takes it along", async () => {
    await during(async (running) => {
      const sent: { url: string; authorization: string | null; redirect: string }[] = [];
      const out = (url: string, headers: Record<string, string> = {}) =>
        sendOut(new Request(url, { headers }), {
          judge: (address) => running.judge(address),
          async fetch(one) {
            sent.push({ url: one.url, authorization: one.headers.get("authorization"), redirect: one.redirect });
            return new Response("ok");
          },
        });
      await out("https://api.example.com/me", { authorization: "whatever the program says" });
      await out("https://pypi.org/simple/");
      expect(sent).toEqual([
        { url: "https://api.example.com/me", authorization: "Bearer s3cret", redirect: "manual" },
        { url: "https://pypi.org/simple/", authorization: null, redirect: "manual" },
      ]);
      for (const refused of ["https://evil.example/", "http://api.example.com/", "https://localhost/"])
        expect((await out(refused)).status).toBe(403);
      expect(sent).toHaveLength(2);
    });
  });
});
