import { z } from "zod";
import { sessionCookieName } from "../../auth/credential.ts";
import { TurnEvent } from "../../channels/events.ts";
import { ERROR_STATUS } from "../../errors.ts";
import { OpenAIErrorBody } from "../openai/errors.ts";
import type { Route, Who } from "../route.ts";
import { EXAMPLES } from "./examples.ts";
import { type JsonSchema, SchemaBook } from "./schemas.ts";

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface MediaType {
  schema: JsonSchema;
  example?: unknown;
}

export interface ResponseObject {
  description: string;
  content?: Record<string, MediaType>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject>;
  security: Record<string, string[]>[];
}

/** The part of OpenAPI 3.1.1 that Margay writes. */
export interface OpenApi {
  openapi: "3.1.1";
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, Record<string, string>> };
}

const SECURITY_SCHEMES = {
  apiKey: { type: "http", scheme: "bearer", description: "An API key, made on the page under Settings → API." },
  session: {
    type: "apiKey",
    in: "cookie",
    name: sessionCookieName(true),
    description: "The page's own sign-in. Writes need the page's `Origin`.",
  },
  signature: {
    type: "apiKey",
    in: "header",
    name: "X-Margay-Signature",
    description: "`v1=` and the hex HMAC-SHA256 of `<X-Margay-Timestamp>.<body>` under the user's webhook secret; valid for 5 minutes.",
  },
} satisfies OpenApi["components"]["securitySchemes"];

/** `signed` routes name their headers; the webhook's is the only signature that this document can describe. */
const SECURITY: Record<Who, Operation["security"]> = {
  anyone: [],
  user: [{ apiKey: [] }, { session: [] }],
  session: [{ session: [] }],
  admin: [{ apiKey: [] }, { session: [] }],
  owner: [{ apiKey: [] }, { session: [] }],
  signed: [],
};

const securityOf = (route: Route): Operation["security"] =>
  Object.keys(route.headers ?? {}).includes("X-Margay-Signature") ? [{ signature: [] }, { apiKey: [] }] : SECURITY[route.who];

const WHO: Record<Who, string> = {
  anyone: "Needs no identity.",
  user: "For any signed-in user.",
  session: "For a person signed in at the page; API keys are refused.",
  admin: "For the owner and admins.",
  owner: "For the owner.",
  signed: "Checks a signature or secret of its own.",
};

/** How every refusal looks. */
const ErrorAnswer = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_STATUS)).meta({ description: "Stable; codes are added, never renamed." }),
    message: z.string().meta({ description: "A sentence a person can act on." }),
    details: z.unknown().optional(),
  }),
});

const ERRORS: Record<number, string> = {
  400: "The request is not valid, or asks for something that is not supported.",
  401: "No valid sign-in, API key or signature.",
  403: "You may not do this.",
  404: "There is no such thing of yours.",
  413: "The body is too large.",
  415: "The body has the wrong media type.",
  500: "A fault on our side; the message names the request.",
};

/** Builds the document from the route table. Pure. */
export function openApiDocument(table: readonly Route[], { version }: { version: string }): OpenApi {
  const book = new SchemaBook();
  book.components.Error = book.write(ErrorAnswer, "output");
  const paths: OpenApi["paths"] = {};
  for (const route of table) {
    const path = templateOf(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, book) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Margay",
      version,
      description: "Talk to your own agent. JSON is snake_case; errors are `{ error: { code, message } }`, under `/v1` in OpenAI's shape.",
      license: { name: "MIT", identifier: "MIT" },
    },
    tags: [...new Set(table.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: sorted(book.components), securitySchemes: SECURITY_SCHEMES },
  };
}

/** `{key+}`, which takes the rest of a path, is an ordinary parameter to OpenAPI. */
const templateOf = (path: string): string => path.replaceAll("+}", "}");

function operation(route: Route, book: SchemaBook): Operation {
  const parameters = [
    ...parametersOf(route.params, "path", book),
    ...parametersOf(route.query, "query", book),
    ...Object.entries(route.headers ?? {})
      // OpenAPI has other places for these (3.1.1, "Parameter Object").
      .filter(([name]) => !["accept", "content-type", "authorization"].includes(name.toLowerCase()))
      .map(([name, description]): Parameter => ({ name, in: "header", required: false, description, schema: { type: "string" } })),
  ];
  const body = bodyOf(route, book);
  const notes = Object.entries(route.headers ?? {}).filter(([name]) => ["accept", "content-type"].includes(name.toLowerCase()));
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: [WHO[route.who], ...notes.map(([name, text]) => `\`${name}\`: ${text}`)].join(" "),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(route, book),
    security: securityOf(route),
  };
}

/** `POST /api/v1/chat/{message_id}` is `post_chat_message_id`. */
const operationId = ({ method, path }: Route): string =>
  `${method.toLowerCase()}_${path
    .replace(/^\/api\/v1/, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "")}`;

function parametersOf(schema: z.ZodObject | undefined, where: "path" | "query", book: SchemaBook): Parameter[] {
  if (!schema) return [];
  const { properties, required } = book.write(schema, "input");
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties ?? {}).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: where === "path" || needed.has(name),
    ...(typeof description === "string" ? { description } : {}),
    schema: property,
  }));
}

function bodyOf(route: Route, book: SchemaBook): Operation["requestBody"] | null {
  if (route.body) {
    const example = EXAMPLES[`${route.method} ${route.path}`]?.request;
    const media: MediaType = { schema: book.write(route.body, "input"), ...(example === undefined ? {} : { example }) };
    return { required: !route.body.safeParse(undefined).success, content: { "application/json": media } };
  }
  if (route.bodyKind !== "bytes") return null;
  return { required: true, content: { "application/octet-stream": { schema: {} } } };
}

function responsesOf(route: Route, book: SchemaBook): Operation["responses"] {
  const openai = route.path.startsWith("/v1/");
  const error = (description: string): ResponseObject => ({
    description,
    content: { "application/json": { schema: openai ? book.write(OpenAIErrorBody, "output") : { $ref: "#/components/schemas/Error" } } },
  });
  const responses: Operation["responses"] = {};
  for (const status of errorsOf(route)) responses[status] = error(ERRORS[status] ?? "Refused.");
  for (const [status, { description, schema, contentType = "application/json" }] of Object.entries(route.responses)) {
    const example = EXAMPLES[`${route.method} ${route.path}`]?.responses?.[Number(status)];
    if (schema) {
      const media: MediaType = { schema: book.write(schema, "output"), ...(example === undefined ? {} : { example }) };
      // Where the caller may ask for a stream, its `data:` lines are turn events.
      const streams = status === "200" && route.headers?.["Accept"]?.includes("text/event-stream");
      const events: Record<string, MediaType> = streams ? { "text/event-stream": { schema: book.write(TurnEvent, "output") } } : {};
      responses[status] = { description, content: { [contentType]: media, ...events } };
    } else responses[status] = Number(status) >= 400 ? error(description) : { description };
  }
  return sorted(responses);
}

/** Which refusals the app itself can give on this route. */
function errorsOf(route: Route): number[] {
  const takesBody = Boolean(route.body) || route.bodyKind === "bytes";
  return [
    ...(takesBody || route.params || route.query ? [400] : []),
    ...(route.who === "anyone" ? [] : [401]),
    // Nobody is signed in from another site either.
    ...(route.who === "anyone" && route.method === "GET" ? [] : [403]),
    ...(takesBody ? [413] : []),
    ...(route.body && route.bodyKind !== "bytes" ? [415] : []),
    500,
  ];
}

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
