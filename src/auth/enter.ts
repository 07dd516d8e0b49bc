import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { betterAuthOf } from "./better-auth.ts";

/**
 * Signs a user in who proved who they are by a one-time code or link, or at this machine. Returns the `Set-Cookie` headers of the new session.
 * Throws `suspended` where they may not enter.
 */
export async function enter(env: Env, request: Request, userId: string): Promise<Headers> {
  const auth = await betterAuthOf(env, new URL(request.url));
  const { headers, response } = await auth.api.startSession({ body: { userId }, headers: clientHeaders(request), returnHeaders: true });
  if (!response.started) throw new MargayError("suspended", SUSPENDED);
  return headers;
}

export const SUSPENDED = "This account is suspended. Ask the owner of this Margay.";

/** What better-auth may know of a request: which program it is, for the session's row. Not its cookies. */
export function clientHeaders(request: Request): Headers {
  const agent = request.headers.get("user-agent");
  return new Headers(agent === null ? {} : { "user-agent": agent.slice(0, 300) });
}

/** A JSON answer with the cookies of another. */
export function withCookies(body: unknown, cookies: Headers): Response {
  const response = Response.json(body);
  for (const cookie of cookies.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}
