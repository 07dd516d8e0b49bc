import type { z } from "zod";
import type { Env } from "../env.ts";
import type { Principal } from "../auth/principal.ts";

/**
 * Who may call a route. Absence denies: a route without a decision does not exist.
 *
 * - `anyone`: no identity needed (health, sign-in, setup, OpenAPI).
 * - `user`: any signed-in user, by session cookie or API key (`Authorization: Bearer …`).
 * - `session`: a signed-in person at the page; API keys are refused (making keys, changing the password).
 * - `admin`: owner or admin. `owner`: the owner only.
 * - `signed`: the handler verifies a signature or a secret itself, in constant time, before anything else.
 */
export type Who = "anyone" | "user" | "session" | "admin" | "owner" | "signed";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a handler gets; every part is parsed already. `principal` is non-null exactly when `who` demands an identity. */
export interface RouteContext<Params, Query, Body, W extends Who = Who> {
  env: Env;
  request: Request;
  url: URL;
  params: Params;
  query: Query;
  body: Body;
  principal: W extends "anyone" | "signed" ? Principal | null : Principal;
  /** UUID of this request, also in the `x-request-id` answer header and in the log line. */
  requestId: string;
  waitUntil(work: Promise<unknown>): void;
  /** Adds to this request's log line. Never message text, never a secret. */
  log(fields: Record<string, string | number | boolean | null>): void;
}

export interface ResponseSpec {
  description: string;
  /** Absent: no body. */
  schema?: z.ZodType;
  /** Default `application/json`. */
  contentType?: string;
}

/** How a body arrives. `json` (default): parsed by `body`. `bytes`: the handler reads `request` itself, up to the limit. `none`: a body is ignored. */
export type BodyKind = "json" | "bytes" | "none";

/** One row of the route table. The OpenAPI document is generated from the same zod schemas the handler is parsed with. */
export interface Route {
  method: Method;
  /** OpenAPI style: `/api/v1/todos/{id}`. */
  path: string;
  who: Who;
  /**
   * For `user` routes that do not ask the user's object, which refuses outdated sign-ins: D1 is asked instead, so that a revoked one ends
   * here too. Routes of the other kinds always ask D1.
   */
  fresh?: true;
  /** One line for the API page. */
  summary: string;
  tag: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  bodyKind?: BodyKind;
  /** Bytes; default 1 MiB. */
  maxBody?: number;
  /** Headers the route understands, for the API page. */
  headers?: Record<string, string>;
  responses: Record<number, ResponseSpec>;
  /** Returns a Response, or a value that is sent as JSON with status 200. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is heterogeneous; defineRoute() checks each row
  handle(context: RouteContext<any, any, any, any>): Promise<unknown> | unknown;
}

type Out<S, D> = S extends z.ZodType ? z.output<S> : D;

/** Checks one row of the table: the handler's context is inferred from the row's schemas. */
export function defineRoute<
  W extends Who,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, "who" | "params" | "query" | "body" | "handle"> & {
    who: W;
    params?: P;
    query?: Q;
    body?: B;
    handle(
      context: RouteContext<Out<P, Record<string, never>>, Out<Q, Record<string, never>>, Out<B, undefined>, W>,
    ): Promise<unknown> | unknown;
  },
): Route {
  return route;
}
