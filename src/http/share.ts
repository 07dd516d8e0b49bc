import { z } from "zod";
import { MargayError } from "../errors.ts";
import { derivedKey } from "../secrets/keys.ts";
import { readShare, verifyShare } from "../workspace/share-token.ts";
import { askNamedAgent } from "./ask-named-agent.ts";
import { RateLimit } from "./rate-limit.ts";
import { defineRoute, type Route } from "./route.ts";
import { fileResponse } from "./workspace-content.ts";

/** Readings of one link in a minute, in one isolate. */
const SHARE_RATE = new RateLimit(120, 60_000);

/** The one answer for a link that leads nowhere, whatever the reason: made up, ended, taken back, its file deleted, its owner gone. */
const nowhere = (): MargayError => new MargayError("unauthorized", "This link leads nowhere. It may have ended, or been taken back.");

/** Where a link to a file leads. Whoever has the link may read that one file as it is now; nothing of it is kept by caches or found by search engines. */
export const shareRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/share/{token}",
    who: "signed",
    tag: "Files",
    summary: "A file that somebody shared by a link",
    params: z.object({ token: z.string().min(1).max(300) }),
    responses: {
      200: { description: "Its bytes.", contentType: "application/octet-stream", schema: z.string().meta({ format: "binary" }) },
      401: { description: "`unauthorized`: made up, ended or taken back." },
      429: { description: "`rate_limited`: read more than 120 times in a minute." },
    },
    async handle({ env, params }) {
      const token = readShare(params.token);
      if (token === null || token.expiresAt <= Date.now()) throw nowhere();
      SHARE_RATE.take(token.shareId, Date.now());
      const key = await derivedKey(env, "file-share", token.userId);
      if (!(await verifyShare(token, [key.bytes, ...key.retired.map(({ bytes }) => bytes)]))) throw nowhere();
      const shared = await askNamedAgent(env, token.userId, "files.shared", token.shareId);
      if (shared === null) throw nowhere();
      const response = await fileResponse(env, token.userId, shared);
      response.headers.set("x-robots-tag", "noindex, nofollow");
      response.headers.set("cache-control", "private, no-store");
      response.headers.set("referrer-policy", "no-referrer");
      return response;
    },
  }),
];
