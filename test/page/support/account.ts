import type { BrowserContextOptions } from "playwright-core";
import { inject } from "vitest";
import { z } from "zod";

/** Somebody at the Margay that all files about the page share. */
export interface Account {
  /** Different for each file: what is said and kept in one is not there in another. */
  name: string;
  origin: string;
  /** What their browser has when it opens: the cookie of their session, or nothing. */
  state: Exclude<BrowserContextOptions["storageState"], string | undefined>;
  /** Asks the API as they do. */
  api(path: string, init?: RequestInit): Promise<Response>;
}

/** The person at this machine. Their browser has no cookie yet: the page signs them in by itself. */
export async function owner(): Promise<Account> {
  const origin = inject("pageServer");
  const cookie = await entering(origin, "/api/v1/auth/loopback", {});
  return { name: "owner", origin, state: { cookies: [], origins: [] }, api: asking(origin, cookie) };
}

/** Somebody whom the owner invited, signed in. */
export async function account(name: string): Promise<Account> {
  const { api, origin } = await owner();
  const invited = await api("/api/v1/users/invitations", { method: "POST", body: JSON.stringify({ email: `${name}@example.net` }) });
  const { link } = z.object({ link: z.string() }).parse(await invited.json());
  const token = /[^=]*$/u.exec(link)?.[0] ?? "";
  const cookie = await entering(origin, "/api/v1/invitations/accept", { token, name: "Owner", password: "three odd little words" });
  const cookies = cookie.split("; ").map((pair) => {
    const [key = "", ...value] = pair.split("=");
    return {
      name: key,
      value: value.join("="),
      domain: new URL(origin).hostname,
      path: "/",
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: "Lax" as const,
    };
  });
  return { name, origin, state: { cookies, origins: [] }, api: asking(origin, cookie) };
}

/** Somebody else's browser, where nobody is signed in. */
export const stranger = (): Pick<Account, "name" | "origin" | "state"> => ({
  name: "stranger",
  origin: inject("pageServer"),
  state: { cookies: [], origins: [] },
});

async function entering(origin: string, path: string, body: unknown): Promise<string> {
  const response = await fetch(`${origin}${path}`, {
    method: "POST",
    headers: { origin, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

const asking =
  (origin: string, cookie: string): Account["api"] =>
  (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("cookie", cookie);
    headers.set("origin", origin);
    if (typeof init.body === "string") headers.set("content-type", "application/json");
    return fetch(`${origin}${path}`, { ...init, headers });
  };
