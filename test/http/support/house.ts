import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { vi } from "vitest";
import { betterAuthOf } from "../../../src/auth/better-auth.ts";
import { enter } from "../../../src/auth/enter.ts";
import type { Role } from "../../../src/auth/principal.ts";
import { database } from "../../../src/db/database.ts";
import { user } from "../../../src/db/schema.ts";
import type { Env } from "../../../src/env.ts";
import { mount } from "../../../src/http/mount.ts";
import type { Route } from "../../../src/http/route.ts";
import { FakeAgent } from "./fake-agent.ts";

// Loading the sign-in and migrating D1 takes seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

export const ORIGIN = "https://margay.test";

/** A user with an API key, a cookie and a stand-in for their object. */
export interface Person {
  id: string;
  key: string;
  cookie: string;
  agent: FakeAgent;
}

/** The app with some routes over the real sign-in and the real D1, where every user's object is a {@link FakeAgent}. */
export class House {
  readonly #agents = new Map<string, FakeAgent>();
  readonly env: Env;
  readonly #app = new Hono<{ Bindings: Env }>();

  constructor(routes: readonly Route[]) {
    const objects = new Proxy(env.USER_AGENT, {
      get: (target, property) => (property === "getByName" ? (name: string) => this.agent(name) : Reflect.get(target, property)),
    });
    // MASTER_KEY is set in tests, so the Keyring never had to make a root.
    const keyring = new Proxy(env.KEYRING, {
      get: (target, property) => (property === "getByName" ? () => ({ deriveExisting: async () => null }) : Reflect.get(target, property)),
    });
    this.env = { ...env, USER_AGENT: objects, KEYRING: keyring };
    for (const route of routes) mount(this.#app, route);
  }

  agent(userId: string): FakeAgent {
    const known = this.#agents.get(userId) ?? new FakeAgent(userId);
    this.#agents.set(userId, known);
    return known;
  }

  async person(name: string, role: Role = "user", keyKind: "default" | "service" = "default"): Promise<Person> {
    const id = `${name}-${crypto.randomUUID()}`;
    const now = new Date();
    const db = await database(this.env);
    await db.insert(user).values({ id, name, email: `${id}@example.com`, role, createdAt: now, updatedAt: now });
    const auth = await betterAuthOf(this.env, new URL(ORIGIN));
    const { key } = await auth.api.createApiKey({ body: { userId: id, name: "test", configId: keyKind } });
    const cookies = await enter(this.env, new Request(ORIGIN), id);
    return { id, key, cookie: cookies.getSetCookie()[0]?.split(";")[0] ?? "", agent: this.agent(id) };
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const context = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} };
    return this.#app.fetch(new Request(`${ORIGIN}${path}`, init), this.env, context);
  }

  /** A request of a person by API key; a body that is not text is sent as JSON. */
  call(person: Person | null, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const sent: Record<string, string> = { ...(person ? { authorization: `Bearer ${person.key}` } : {}), ...headers };
    if (body === undefined) return this.fetch(path, { method, headers: sent });
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return this.fetch(path, {
      method,
      headers: { "content-type": "application/json", ...sent },
      body: body instanceof Uint8Array ? body.slice() : text,
    });
  }
}

/** The stable code of a refusal. */
export async function codeOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json();
  return Reflect.get(Object(Reflect.get(Object(body), "error")), "code");
}
