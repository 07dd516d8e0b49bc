import { z } from "zod";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { derivedKey } from "../secrets/keys.ts";
import { readShare, verifyShare } from "../workspace/share-token.ts";
import { askNamedAgent } from "./ask-named-agent.ts";
import { RateLimit } from "./rate-limit.ts";
import { defineRoute, type Route } from "./route.ts";
import { BYTES, fileResponse, READ_HEADERS } from "./workspace-content.ts";

/** Readings of one link in a minute, in one isolate. */
const SHARE_RATE = new RateLimit(120, 60_000);

/** The one answer for a link that leads nowhere, whatever the reason: made up, ended, taken back, its file deleted, its owner gone. */
const nowhere = (): MargayError => new MargayError("unauthorized", "This link leads nowhere. It may have ended, or been taken back.");

/** The same for a person, who has no use for JSON: whoever was sent a link knows nothing of Margay. */
const NOWHERE_PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Nothing here any more</title>
<style>:root{color-scheme:light dark}body{max-width:30rem;margin:20vh auto;padding:0 1.5rem;font:1.05rem/1.6 system-ui,sans-serif}</style></head>
<body><h1>Nothing here any more</h1><p>${nowhere().message} Ask whoever sent it for a new one.</p></body></html>`;

/** For who looks with a browser: a page instead of that answer, with its status. */
function asPage(error: unknown, request: Request): Response {
  const wanted = request.headers.get("accept")?.includes("text/html") === true;
  if (!wanted || !(error instanceof MargayError) || error.code !== "unauthorized") throw error;
  return new Response(NOWHERE_PAGE, {
    status: 401,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "x-robots-tag": "noindex, nofollow",
    },
  });
}

/** The file that a link leads to. Throws {@link nowhere}. */
async function sharedFile(env: Env, link: string, request: Request): Promise<Response> {
  const token = readShare(link);
  if (token === null || token.expiresAt <= Date.now()) throw nowhere();
  SHARE_RATE.take(token.shareId, Date.now());
  const key = await derivedKey(env, "file-share", token.userId);
  if (!(await verifyShare(token, [key.bytes, ...key.retired.map(({ bytes }) => bytes)]))) throw nowhere();
  const shared = await askNamedAgent(env, token.userId, "files.shared", token.shareId);
  if (shared === null) throw nowhere();
  const response = await fileResponse(env, token.userId, shared, request).catch((error: unknown) => {
    // Whoever has a link learns neither a path nor what became of it.
    throw error instanceof MargayError && error.code === "gone" ? nowhere() : error;
  });
  response.headers.set("x-robots-tag", "noindex, nofollow");
  response.headers.set("cache-control", "private, no-store");
  response.headers.set("referrer-policy", "no-referrer");
  return response;
}

/** Where a link to a file leads. Whoever has the link may read that one file as it is now; nothing of it is kept by caches or found by search engines. */
export const shareRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/share/{token}",
    who: "signed",
    tag: "Files",
    summary: "A file that somebody shared by a link",
    params: z.object({ token: z.string().min(1).max(300) }),
    headers: READ_HEADERS,
    responses: {
      ...BYTES,
      401: { description: "`unauthorized`: made up, ended or taken back; a page that says so to who asks for HTML." },
      429: { description: "`rate_limited`: read more than 120 times in a minute." },
    },
    handle: ({ env, params, request }) => sharedFile(env, params.token, request).catch((error: unknown) => asPage(error, request)),
  }),
];
