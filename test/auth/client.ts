import { exports } from "cloudflare:workers";

export const ORIGIN = "https://margay.test";
export const PASSWORD = "correct horse battery";

export interface Answer {
  status: number;
  body: unknown;
  headers: Headers;
}

/** A browser or a program that talks to the whole Worker: keeps its session cookie, or sends an API key. */
export class Client {
  cookie: string | null = null;
  key: string | null = null;
  readonly headers: Record<string, string> = {};

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = new Headers(this.headers);
    if (body !== undefined) headers.set("content-type", "application/json");
    if (this.cookie !== null) {
      headers.set("cookie", this.cookie);
      if (method !== "GET" && !headers.has("origin")) headers.set("origin", ORIGIN);
    }
    if (this.key !== null) headers.set("authorization", `Bearer ${this.key}`);
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await exports.default.fetch(`${ORIGIN}${path}`, init);
    for (const cookie of response.headers.getSetCookie()) {
      const pair = cookie.split(";")[0] ?? "";
      this.cookie = pair.endsWith("=") ? null : pair;
    }
    const text = await response.text();
    return {
      status: response.status,
      body: (response.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : null,
      headers: response.headers,
    };
  }

  /** The value of one field of an answer that must be 2xx. */
  async field(name: string, method: string, path: string, body?: unknown): Promise<string> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return String(Reflect.get(Object(answer.body), name));
  }
}

/** Another client with the same cookie or key: a second tab, or a thief. */
export function copyOf(client: Client): Client {
  const copy = new Client();
  copy.cookie = client.cookie;
  copy.key = client.key;
  return copy;
}

/** Makes the owner of this test file's deployment. */
export async function setUp(): Promise<Client> {
  const owner = new Client();
  const answer = await owner.call("POST", "/api/v1/setup", {
    code: "test-setup-code",
    name: "Olga",
    email: "olga@example.com",
    password: PASSWORD,
  });
  if (answer.status !== 200) throw new Error(`setup: ${answer.status} ${JSON.stringify(answer.body)}`);
  return owner;
}

/** Invites somebody and accepts in their name. */
export async function join(host: Client, name: string, role: "admin" | "user" = "user"): Promise<Client & { id: string }> {
  const email = `${name.toLowerCase()}@example.com`;
  const link = await host.field("link", "POST", "/api/v1/users/invitations", { email, name, role });
  const client = new Client();
  const id = await client.field("id", "POST", "/api/v1/invitations/accept", { token: tokenOf(link), name, password: PASSWORD });
  return Object.assign(client, { id });
}

export const tokenOf = (link: string): string => new URL(link).hash.replace("#token=", "");

/** The stable code of a refusal. */
export const codeOf = (answer: Answer): unknown => Reflect.get(Object(Reflect.get(Object(answer.body), "error")), "code");
