import { z } from "zod";
import type { Principal } from "../auth/principal.ts";
import type { Env } from "../env.ts";
import { ERROR_STATUS, type ErrorBody, type ErrorCode, fail, ok } from "../errors.ts";
import { userAgent } from "../stubs.ts";
import { withAgent } from "./with-agent.ts";

/** Header by which the Worker tells the object who is on the socket: JSON of `Caller`. Set here and nowhere else. */
export const CALLER_HEADER = "x-margay-caller";

const Refused = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_STATUS, code);

/**
 * Hands a WebSocket upgrade to the caller's own object. A new request is made for it, so that nothing the client sent, no header and no cookie, gets
 * there; the runtime does the handshake. `Origin` was checked before.
 */
export function openSocket(context: { env: Env; request: Request; principal: Principal }): Promise<Response> | Response {
  if (context.request.headers.get("upgrade")?.toLowerCase() !== "websocket")
    return Response.json(
      { error: { code: "invalid_request", message: "This address speaks WebSocket: send `Upgrade: websocket`." } satisfies ErrorBody },
      { status: 426, headers: { upgrade: "websocket", connection: "upgrade" } },
    );
  return withAgent(context, async (_agent, caller) => {
    const headers = { upgrade: "websocket", [CALLER_HEADER]: JSON.stringify(caller) };
    const answer = await userAgent(context.env, caller.userId).fetch("https://agent/socket", { headers });
    if (answer.webSocket) return ok(new Response(null, { status: 101, webSocket: answer.webSocket }));
    // The object wants a newer sign-in, or does not know this user yet.
    if (answer.status === 401) return fail("stale_principal", "Sign in again.");
    const refused = Refused.safeParse(await answer.json().catch(() => null));
    if (refused.success && isCode(refused.data.error.code)) return fail(refused.data.error.code, refused.data.error.message);
    return fail("internal", "The connection could not be opened; try again.");
  });
}
