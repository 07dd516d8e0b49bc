import { describe, expect, test } from "vitest";
import { z } from "zod";
import { routes } from "../../src/app.ts";
import { openApiDocument, type OpenApi } from "../../src/http/openapi/document.ts";
import { EXAMPLES } from "../../src/http/openapi/examples.ts";
import { docsPage } from "../../src/http/openapi/page.ts";
import { openapiRoutes } from "../../src/http/openapi.ts";
import { House, ORIGIN } from "./support/house.ts";

const document = openApiDocument(routes, { version: "1.2.3" });
const house = new House(openapiRoutes(() => routes));

/** Every `$ref` in a value. */
function refsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "$ref" && typeof part === "string" ? [part] : refsOf(part)));
}

/** The names of every property a JSON Schema describes. */
function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, part]) => [
    ...(key === "properties" && typeof part === "object" && part !== null ? Object.keys(part) : []),
    ...propertiesOf(part),
  ]);
}

const Schema = z.record(z.string(), z.unknown());
const Media = z.record(z.string().regex(/^[a-z]+\/[a-z.+-]+$/), z.strictObject({ schema: Schema, example: z.unknown().optional() }));
/** The shape that OpenAPI 3.1.1 demands of what Margay writes. */
const Document = z.strictObject({
  openapi: z.literal("3.1.1"),
  info: z.strictObject({
    title: z.string().min(1),
    version: z.string().min(1),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  tags: z.array(z.strictObject({ name: z.string().min(1) })),
  paths: z.record(
    z.string().startsWith("/"),
    z.partialRecord(
      z.enum(["get", "post", "put", "patch", "delete"]),
      z.strictObject({
        operationId: z.string().regex(/^[a-z]\w*$/i),
        tags: z.array(z.string()).length(1),
        summary: z.string().min(1),
        description: z.string().optional(),
        parameters: z
          .array(
            z.strictObject({
              name: z.string().min(1),
              in: z.enum(["path", "query", "header"]),
              required: z.boolean(),
              description: z.string().optional(),
              schema: Schema,
            }),
          )
          .optional(),
        requestBody: z.strictObject({ required: z.boolean(), content: Media }).optional(),
        responses: z.record(z.string().regex(/^[1-5]\d\d$/), z.strictObject({ description: z.string().min(1), content: Media.optional() })),
        security: z.array(z.record(z.string(), z.array(z.string()))),
      }),
    ),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), Schema),
    securitySchemes: z.record(z.string(), z.record(z.string(), z.string())),
  }),
});

const operations = (from: OpenApi) =>
  Object.entries(from.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe("openApiDocument()", () => {
  test("has the structure of OpenAPI 3.1", () => {
    expect(Document.safeParse(document).error).toBeUndefined();
  });

  test("holds every route of the table, once", () => {
    const written = operations(document).map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(written.toSorted()).toEqual(routes.map((route) => `${route.method} ${route.path.replace("+}", "}")}`).toSorted());
    const ids = operations(document).map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("resolves every $ref, and names no schema that nothing uses", () => {
    const refs = new Set(refsOf(document));
    const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
    expect([...refs].filter((ref) => !known.has(ref))).toEqual([]);
    expect([...known].filter((name) => !refs.has(name))).toEqual([]);
  });

  test("describes every parameter of a path template, and only those", () => {
    for (const { path, operation } of operations(document)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const described = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect([path, described.map((parameter) => parameter.name)]).toEqual([path, named]);
      expect(described.every((parameter) => parameter.required)).toBe(true);
    }
  });

  test("names only security schemes that it defines, and none where anyone may call", () => {
    const known = Object.keys(document.components.securitySchemes);
    for (const { operation } of operations(document))
      for (const scheme of operation.security) expect(known).toEqual(expect.arrayContaining(Object.keys(scheme)));
    expect(document.paths["/health"]?.["get"]?.security).toEqual([]);
    expect(document.paths["/webhook"]?.["post"]?.security).toEqual([{ signature: [] }, { apiKey: [] }]);
    expect(document.paths["/api/v1/webhook/secret"]?.["get"]?.security).toEqual([{ session: [] }]);
  });

  test("writes every property in snake_case", () => {
    const names = propertiesOf([document.components.schemas, document.paths]);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  test("tells what a client may send from what it gets", () => {
    const body = document.paths["/api/v1/chat"]?.["post"]?.requestBody?.content["application/json"]?.schema;
    expect(body).toEqual({ $ref: "#/components/schemas/ChatBody" });
    expect(document.components.schemas["ChatBody"]).toMatchObject({ required: ["message"] });
    const limit = document.paths["/api/v1/messages"]?.["get"]?.parameters?.find((parameter) => parameter.name === "limit");
    expect(limit).toMatchObject({ in: "query", required: false, schema: { type: "integer", minimum: 1, maximum: 200, default: 50 } });
  });

  test("shows OpenAI's error shape below /v1 and Margay's elsewhere", () => {
    const errorOf = (path: string): unknown => document.paths[path]?.["post"]?.responses["401"]?.content?.["application/json"]?.schema;
    expect(errorOf("/v1/chat/completions")).toEqual({ $ref: "#/components/schemas/OpenAIError" });
    expect(errorOf("/api/v1/chat")).toEqual({ $ref: "#/components/schemas/Error" });
  });

  test("has examples that the routes' own schemas accept", () => {
    for (const [name, { request, responses = {} }] of Object.entries(EXAMPLES)) {
      const route = routes.find((candidate) => `${candidate.method} ${candidate.path}` === name);
      expect([name, route?.path]).toEqual([name, name.split(" ")[1]]);
      expect([name, route?.body?.safeParse(request).error]).toEqual([name, undefined]);
      for (const [status, example] of Object.entries(responses))
        expect([name, status, route?.responses[Number(status)]?.schema?.safeParse(example).error]).toEqual([name, status, undefined]);
    }
  });
});

describe("the API page", () => {
  test("is plain HTML that needs nothing from elsewhere, under a policy that allows nothing but its style", async () => {
    const response = await house.call(null, "GET", "/api/v1/docs");
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; /);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|@import|url\(/i);
    const style = /<style>([^]*)<\/style>/.exec(html)?.[1] ?? "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
    expect(policy).toContain(btoa(String.fromCharCode(...new Uint8Array(digest))));
  });

  test("shows every operation and links only to what it has", async () => {
    const html = await (await house.call(null, "GET", "/api/v1/docs")).text();
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    for (const { operation } of operations(document)) expect(ids).toContain(operation.operationId);
    for (const [, link] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(link);
    expect(html).toContain(`curl -X POST &#39;${ORIGIN}/api/v1/chat&#39;`);
  });

  test("says of a parameter and a field what their schemas say", async () => {
    const before = document.paths["/api/v1/audit"]?.["get"]?.parameters?.find(({ name }) => name === "before");
    expect(before).toMatchObject({ description: "Of `next_before`.", schema: { type: "integer" } });
    const html = await (await house.call(null, "GET", "/api/v1/docs")).text();
    expect(html).toContain("Of <code>next_before</code>.</td>");
    expect(html).toContain("key: string  // Shown only this once.");
    expect(html).toContain("<code>integer (1–10000) = 500</code>");
    expect(html).toContain(`curl -X PUT &#39;${ORIGIN}/api/v1/workspace/content?path={path}&#39;`);
  });

  test("escapes whatever the document holds", () => {
    const evil = `"><script>alert('x')</script>&`;
    const html = docsPage({ ...document, info: { ...document.info, title: evil, description: evil }, tags: [{ name: evil }] }, evil);
    expect(html).not.toContain("<script");
    expect(html).not.toContain("alert('x')");
  });
});

describe("GET /api/v1/openapi.json", () => {
  test("is the document, with the address it was asked at", async () => {
    const body = await (await house.call(null, "GET", "/api/v1/openapi.json")).json();
    expect(body).toMatchObject({ openapi: "3.1.1", servers: [{ url: ORIGIN }], paths: document.paths });
  });
});
