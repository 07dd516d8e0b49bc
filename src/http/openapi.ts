import { z } from "zod";
import { version } from "../../package.json";
import { settingsOf } from "../env.ts";
import { openApiDocument } from "./openapi/document.ts";
import { docsCsp, docsPage } from "./openapi/page.ts";
import { defineRoute, type Route } from "./route.ts";

/** The document and its page. `table` is asked when they are served, since these two routes are in the table themselves. */
export function openapiRoutes(table: () => readonly Route[]): Route[] {
  // The table does not change while an isolate lives; the server's address does not go into what is kept.
  let kept: ReturnType<typeof openApiDocument> | null = null;
  const document = (): ReturnType<typeof openApiDocument> => (kept ??= openApiDocument(table(), { version }));
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/openapi.json",
      who: "anyone",
      tag: "Service",
      summary: "This API as an OpenAPI 3.1 document",
      responses: {
        200: { description: "Generated from the schemas that requests are parsed with.", schema: z.record(z.string(), z.unknown()) },
      },
      handle: ({ env, url }) => ({ ...document(), servers: [{ url: settingsOf(env).settings.PUBLIC_URL ?? url.origin }] }),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/docs",
      who: "anyone",
      tag: "Service",
      summary: "This API as a page",
      responses: { 200: { description: "Plain HTML without scripts.", contentType: "text/html", schema: z.string() } },
      handle: async ({ env, url }) =>
        new Response(docsPage(document(), settingsOf(env).settings.PUBLIC_URL ?? url.origin), {
          headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": await docsCsp() },
        }),
    }),
  ];
}
