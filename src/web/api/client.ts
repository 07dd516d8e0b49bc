import { ApiError, type ClientErrorCode } from "./api-error.ts";

type Query = Record<string, string | number | undefined>;

let unauthorized: () => void = () => {};

/** Sets what happens when any request answers 401: the page goes back to the sign-in. */
export function onUnauthorized(handler: () => void): void {
  unauthorized = handler;
}

/** `path` below the origin, with the given query; undefined values are left out. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Reads `{error:{code,message}}` out of an answer, whatever it is. */
export function toApiError(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null && "code" in error && "message" in error)
      return new ApiError(String(error.code) as ClientErrorCode, String(error.message), status);
  }
  // better-auth answers its own refusals as {code, message}.
  if (typeof body === "object" && body !== null && "message" in body && typeof body.message === "string" && body.message !== "")
    return new ApiError(status === 401 ? "unauthorized" : "unexpected", body.message, status);
  return new ApiError("unexpected", `The server answered ${status}. Try again in a moment.`, status);
}

/** What a refusal means, for requests that are made elsewhere: the page is told of a 401 as of any other. */
export function refusal(status: number, body: unknown): ApiError {
  if (status === 401) unauthorized();
  return toApiError(status, body);
}

/** One request as it is. Rejects with an {@link ApiError} when nothing answers. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("offline", "Margay cannot be reached. Check your connection and try again.", 0);
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One request. Resolves with the parsed body, rejects with an {@link ApiError}. `quiet`: a 401 is the caller's to handle. */
export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  options: { quiet?: boolean; signal?: AbortSignal } = {},
): Promise<T> {
  const init: RequestInit = { method, headers: { accept: "application/json" } };
  if (options.signal) init.signal = options.signal;
  if (body !== undefined) {
    init.headers = { accept: "application/json", "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await send(path, init);
  const parsed = await readJson(response);
  if (response.ok) return parsed as T;
  if (response.status === 401 && options.quiet !== true) unauthorized();
  throw toApiError(response.status, parsed);
}

export const get = <T>(path: string, signal?: AbortSignal) => request<T>("GET", path, undefined, signal ? { signal } : {});
export const post = <T>(path: string, body: unknown = {}) => request<T>("POST", path, body);
export const put = <T>(path: string, body: unknown = {}) => request<T>("PUT", path, body);
export const patch = <T>(path: string, body: unknown = {}) => request<T>("PATCH", path, body);
export const del = <T>(path: string) => request<T>("DELETE", path);

/** Sends one file as raw bytes. */
export async function upload<T>(path: string, file: File, signal?: AbortSignal): Promise<T> {
  const headers = { "content-type": file.type || "application/octet-stream", "x-file-name": encodeURIComponent(file.name) };
  const init: RequestInit = { method: "POST", body: file, headers };
  if (signal) init.signal = signal;
  const response = await send(path, init);
  const parsed = await readJson(response);
  if (response.ok) return parsed as T;
  if (response.status === 401) unauthorized();
  throw toApiError(response.status, parsed);
}
