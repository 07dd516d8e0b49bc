/** Why there is no answer. */
export type EgressCode =
  | "bad_url"
  | "private_address"
  | "no_such_host"
  | "redirect_refused"
  | "too_many_redirects"
  | "unsupported_type"
  | "timeout"
  | "network"
  | "secret_not_for_host";

/** How to ask. */
export interface EgressOptions {
  /** `GET` where it is left out. */
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as they are, except those that the connection, a proxy or a cookie jar sets. Only `accept` and `accept-language` go on to another host. Secrets do not belong here. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** Where redirects may lead: `any` public host (the default), the `same-host` as the address, or none are followed. Only GET and HEAD follow any. */
  follow?: "any" | "same-host" | "none";
  /** How media types may begin ("text/", "application/json") or, with a plus sign, end ("+json"); absent: any. Judged before the body is read. A missing one is `application/octet-stream`. */
  types?: readonly string[];
  /** The most bytes of the (decompressed) body that are read; 2 MB where it is left out. */
  maxBytes?: number;
  /** Milliseconds for everything together; 20,000 where it is left out. */
  timeoutMs?: number;
  signal?: AbortSignal;
  secret?: EgressSecret;
}

/** A secret for one request. It goes into `header` of https requests to the hosts it is for, and nowhere else. */
export interface EgressSecret {
  header: string;
  /** `api.example.com`, `api.example.com:8443` or `*.example.com`; never every host. */
  hosts: readonly string[];
  /** Fetched for the one request that needs it, as the header's whole value; null: there is none. */
  value(host: string): Promise<string | null>;
}

export interface EgressAnswer {
  ok: true;
  status: number;
  /** Of the last request, without fragment. */
  url: string;
  /** Lower case, without parameters. */
  mediaType: string;
  /** As the server says it, lower case; null: it does not. */
  charset: string | null;
  /** Those of {@link KEPT_HEADERS} that there are. */
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether the body was longer than `maxBytes`. */
  truncated: boolean;
  /** Every address that was asked, in order, without fragments. The last one is `url`. */
  hops: readonly string[];
}

export interface EgressFailure {
  ok: false;
  code: EgressCode;
  /** A sentence for a person: no stack, no secret. It may hold what the server said (the target of a redirect, a media type). */
  message: string;
  /** `false`: nothing was sent to the host. `true`: something was, or nobody knows; what must not be done twice is not repeated by itself. */
  sent: boolean;
  /** Whether a server had led on before: then the message names hosts that it chose. */
  redirected?: boolean;
  /** Where a refused redirect leads, where that can be read. */
  location?: string;
}

export type EgressResult = EgressAnswer | EgressFailure;

/** Headers of an answer that are given on. */
export const KEPT_HEADERS = [
  "content-type",
  "content-language",
  "content-disposition",
  "content-length",
  "etag",
  "last-modified",
  "link",
  "retry-after",
  "cache-control",
  "expires",
  "age",
  "date",
  "vary",
] as const;
