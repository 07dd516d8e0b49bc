import { z } from "zod";
import { database } from "../db/database.ts";
import { findSession } from "../db/sessions.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { betterAuthOf } from "./better-auth.ts";
import { clientHeaders, SUSPENDED } from "./enter.ts";
import { verifySessionCookie } from "./session-cookie.ts";

const RENEW_AFTER_MS = 24 * 60 * 60_000;

/** better-auth's `APIError` of a refusal, by its shape: importing its class would load the library at the start of every isolate. */
const Refusal = z.object({
  name: z.literal("APIError"),
  statusCode: z.number().min(400).max(499),
  body: z.object({ code: z.string() }),
});

/**
 * Signs in with email and password. Unknown email and wrong password are one answer, `unauthorized`, after the same work (better-auth hashes
 * the password either way). `suspended` is told only to who knows the password.
 */
export async function signIn(env: Env, request: Request, email: string, password: string): Promise<{ userId: string; cookies: Headers }> {
  const auth = await betterAuthOf(env, new URL(request.url));
  try {
    const { headers, response } = await auth.api.signInEmail({
      body: { email, password },
      headers: clientHeaders(request),
      returnHeaders: true,
    });
    return { userId: response.user.id, cookies: headers };
  } catch (error) {
    const refusal = Refusal.safeParse(error);
    if (!refusal.success) throw error;
    if (refusal.data.body.code === "FAILED_TO_CREATE_SESSION") throw new MargayError("suspended", SUSPENDED);
    throw new MargayError("unauthorized", "The email or the password is not right.");
  }
}

/** The headers that make the browser forget its session. The session itself is ended by its row. */
export async function clearedCookie(env: Env, request: Request): Promise<Headers> {
  const auth = await betterAuthOf(env, new URL(request.url));
  return (await auth.api.signOut({ headers: clientHeaders(request), returnHeaders: true })).headers;
}

/**
 * A longer life for a session in use: at most once a day, and at once for a cookie that is signed under an earlier root key. Empty headers
 * where nothing is due.
 */
export async function renewedCookie(env: Env, request: Request, cookie: string): Promise<Headers> {
  const signed = await verifySessionCookie(env, cookie);
  const now = Date.now();
  const session = signed && (await findSession(await database(env), signed.token, now));
  if (!session || (!signed.outdated && now - session.updatedAt.getTime() < RENEW_AFTER_MS)) return new Headers();
  const auth = await betterAuthOf(env, new URL(request.url));
  const { headers } = await auth.api.renewSession({ body: { token: signed.token }, headers: clientHeaders(request), returnHeaders: true });
  return headers;
}
