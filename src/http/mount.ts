import type { Context, Hono } from "hono";
import { z } from "zod";
import { authenticate } from "../auth/authenticate.ts";
import type { Principal } from "../auth/principal.ts";
import { type Env, settingsOf } from "../env.ts";
import { detailOf, type ErrorBody, ERROR_STATUS, MargayError } from "../errors.ts";
import { log, type LogFields, userMark, whereOf } from "../log.ts";
import { MAX_BODY, parseJson, readBytes } from "./body.ts";
import { LOOPBACK_NAMES } from "./loopback-names.ts";
import { openAIError } from "./openai/errors.ts";
import { parseInput } from "./parse-input.ts";
import type { Route, RouteContext } from "./route.ts";

type HonoContext = Context<{ Bindings: Env }>;

/** Adds one row of the table to the app: who may call, then parsing, then the handler, then one log line. */
export function mount(app: Hono<{ Bindings: Env }>, route: Route, options: { plainHttp?: true } = {}): void {
  app.on(route.method, honoPath(route.path), (c) => serve(c, route, options.plainHttp ?? false));
}

/** `/a/{id}/{rest+}` as Hono writes it: `/a/:id/:rest{.+}`. */
export const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\+\}/g, ":$1{.+}").replaceAll(/\{(\w+)\}/g, ":$1");

async function serve(c: HonoContext, route: Route, plainHttp: boolean): Promise<Response> {
  const started = Date.now();
  const requestId = crypto.randomUUID();
  const fields: LogFields = {};
  let principal: Principal | null = null;
  let response: Response;
  try {
    if (!plainHttp) requireSecure(c.req.raw);
    principal = await admit(c, route);
    response = await answer(c, route, principal, requestId, fields);
  } catch (error) {
    response = refusal(error, route, requestId, fields);
  }
  // A 101 carries its WebSocket and its headers are fixed.
  if (response.status !== 101) {
    response = new Response(response.body, response);
    response.headers.set("x-request-id", requestId);
    if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
    response.headers.set("x-content-type-options", "nosniff");
    if (c.req.url.startsWith("https:")) response.headers.set("strict-transport-security", "max-age=31536000");
    if (!response.headers.has("content-security-policy"))
      response.headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  }
  log("request", {
    request_id: requestId,
    route: `${route.method} ${route.path}`,
    status: response.status,
    user: principal ? await userMark(principal.userId) : null,
    via: principal?.via ?? null,
    duration_ms: Date.now() - started,
    ...fields,
  });
  return response;
}

/** The decision about who may call, before anything of the request is read. */
async function admit(c: HonoContext, route: Route): Promise<Principal | null> {
  const request = c.req.raw;
  const unsafe = route.method !== "GET" || request.headers.get("upgrade")?.toLowerCase() === "websocket";
  if (route.who === "signed") return null;
  if (route.who === "anyone") {
    // Signing someone in from another site would be a login CSRF.
    if (unsafe && request.headers.has("origin")) requireSameOrigin(request, c.env);
    return null;
  }
  const fresh = route.who !== "user" || route.fresh === true;
  const principal = await authenticate(request, c.env, { fresh });
  if (!principal) throw new MargayError("unauthorized", "Sign in, or send an API key as `Authorization: Bearer …`.");
  const byCookie = principal.via === "session" || principal.via === "loopback";
  if (byCookie && unsafe) requireSameOrigin(request, c.env);
  if (route.who === "session" && !byCookie) throw new MargayError("forbidden", "Only a person signed in at the page may do this.");
  if (route.who === "admin" && principal.role === "user") throw new MargayError("forbidden", "Only an owner or admin may do this.");
  if (route.who === "owner" && principal.role !== "owner") throw new MargayError("forbidden", "Only the owner may do this.");
  return principal;
}

/** Passwords, keys and cookies travel encrypted or not at all; only on this machine there is nobody in between. */
function requireSecure(request: Request): void {
  const { protocol, hostname } = new URL(request.url);
  if (protocol === "https:" || LOOPBACK_NAMES.has(hostname)) return;
  throw new MargayError("forbidden", "This Margay is reached over https only.");
}

/** A browser sends `Origin` with every write and WebSocket (Fetch standard); absence or another site is refused. */
function requireSameOrigin(request: Request, env: Env): void {
  const origin = request.headers.get("origin");
  const publicUrl = settingsOf(env).settings.PUBLIC_URL;
  if (origin && (origin === new URL(request.url).origin || (publicUrl && origin === new URL(publicUrl).origin))) return;
  throw new MargayError("bad_origin", "This request did not come from Margay's own page.");
}

async function answer(c: HonoContext, route: Route, principal: Principal | null, requestId: string, fields: LogFields): Promise<Response> {
  const request = c.req.raw;
  const url = new URL(request.url);
  const context: RouteContext<unknown, unknown, unknown> = {
    env: c.env,
    request,
    url,
    params: route.params ? parseInput(route.params, c.req.param(), "path") : {},
    query: route.query ? parseInput(route.query, Object.fromEntries(url.searchParams), "query") : {},
    body: route.body && (route.bodyKind ?? "json") === "json" ? await jsonBody(request, route) : undefined,
    principal,
    requestId,
    waitUntil: (work) => c.executionCtx.waitUntil(work),
    log: (more) => Object.assign(fields, more),
  };
  const value: unknown = await route.handle(context);
  if (value instanceof Response) return value;
  if (value === undefined || value === null) return new Response(null, { status: 204 });
  return Response.json(value);
}

async function jsonBody(request: Request, route: Route): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type && type !== "application/json" && !type.endsWith("+json"))
    throw new MargayError("unsupported_media_type", "Send the body as `Content-Type: application/json`.");
  return parseInput(route.body ?? z.unknown(), parseJson(await readBytes(request, route.maxBody ?? MAX_BODY)), "body");
}

/** The one mapper from errors to HTTP. A bug becomes a 500 with a stable code and the request id; where it happened goes to the log only. */
function refusal(error: unknown, route: Route, requestId: string, fields: LogFields): Response {
  if (error instanceof MargayError) {
    fields.code = error.code;
    const code = error.code === "stale_principal" ? "unauthorized" : error.code;
    return errorResponse(route, { ...error.toBody(), code });
  }
  log("bug", { request_id: requestId, route: route.path, error: whereOf(error) }, "error");
  fields.code = "internal";
  return errorResponse(route, { code: "internal", message: `Something went wrong on our side. Request ${requestId}.` });
}

/** `/v1/*` speaks OpenAI's error shape, everything else Margay's. */
function errorResponse(route: { path: string }, error: ErrorBody): Response {
  const status = ERROR_STATUS[error.code];
  const headers = new Headers();
  if (status === 401) headers.set("www-authenticate", "Bearer");
  const retryAfter = detailOf(error, "retry_after");
  if (typeof retryAfter === "number") headers.set("retry-after", String(Math.ceil(retryAfter)));
  const etag = detailOf(error, "etag");
  if (status === 412 && typeof etag === "string") headers.set("etag", etag);
  const body = route.path.startsWith("/v1/") ? openAIError(status, error.message, error.code) : { error };
  return Response.json(body, { status, headers });
}

export { errorResponse };
