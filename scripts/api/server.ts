import { z } from "zod";
import { CLI_CLIENT } from "../../src/channels/cli.ts";

/** How a script of this folder reaches a Margay over its HTTP API. */

/** 0 done · 1 it did not work out · 2 wrong usage · 3 no or a wrong key · 4 the server cannot be reached or refused. */
export const EXIT = { done: 0, failed: 1, usage: 2, key: 3, server: 4 } as const;

/** A failure with the sentence to show and the code to leave with. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

export interface Server {
  url: URL;
  headers: Record<string, string>;
}

const ErrorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const HOW_TO_GET_A_KEY = "Make one on the page under Settings → API, then set MARGAY_KEY or pass --key.";

/** What comes from elsewhere must not move the cursor or recolour the terminal: controls but line breaks and tabs are left out. */
export const plain = (text: string): string => text.replaceAll(/(?![\n\t])\p{Cc}/gu, "");

const isLocal = ({ hostname }: URL): boolean => hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

export async function call(server: Server, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(new URL(path, server.url), {
      redirect: "error",
      ...init,
      headers: { ...server.headers, ...Object.fromEntries(new Headers(init.headers)) },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure(
      `Cannot reach ${server.url.origin}. Is it running? Start one here with \`npm start\`, or name another with --url.`,
      EXIT.server,
    );
  }
}

export async function refused(response: Response): Promise<Failure> {
  const parsed = ErrorAnswer.safeParse(await response.json().catch(() => null));
  const message = parsed.success ? plain(parsed.data.error.message) : `The server answered HTTP ${response.status}; is it a Margay?`;
  if (response.status === 401) return new Failure(`The key was not accepted. ${HOW_TO_GET_A_KEY}`, EXIT.key);
  return new Failure(message, response.status === 403 ? EXIT.key : EXIT.server);
}

/** Signs in by key; without one, by what `npm start` offers to this machine. `given`: the options, before what the environment says. */
export async function connect(given: { url?: string | undefined; key?: string | undefined }): Promise<Server> {
  const address = given.url ?? process.env["MARGAY_URL"] ?? "http://localhost:8787";
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Failure(`"${address}" is not an http or https address.`, EXIT.usage);
  const key = given.key ?? process.env["MARGAY_KEY"] ?? "";
  if (!/^[\x21-\x7e]*$/.test(key)) throw new Failure("The key holds characters that no key has.", EXIT.usage);
  if (key !== "" && url.protocol === "http:" && !isLocal(url)) throw new Failure("A key is only sent over https.", EXIT.usage);
  const headers = { "x-margay-client": CLI_CLIENT };
  if (key !== "") return { url, headers: { ...headers, authorization: `Bearer ${key}` } };
  if (!isLocal(url)) throw new Failure(`${url.origin} needs an API key. ${HOW_TO_GET_A_KEY}`, EXIT.key);
  const origin = { origin: url.origin };
  const response = await call({ url, headers: origin }, "/api/v1/auth/loopback", { method: "POST" });
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .join("; ");
  if (!response.ok || cookie === "") throw new Failure(`This Margay does not sign in by itself. ${HOW_TO_GET_A_KEY}`, EXIT.key);
  return { url, headers: { ...headers, ...origin, cookie } };
}
