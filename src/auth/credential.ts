/** What every API key begins with, so that a person and a secret scanner know one when they see it. */
export const API_KEY_PREFIX = "mgy_";

/** How the plugin makes keys: 64 letters. What looks otherwise is worth no query. */
export const API_KEY = new RegExp(`^${API_KEY_PREFIX}[A-Za-z]{64}$`);

/** The longest credential that is looked at, in characters. */
const MAX_LENGTH = 512;

/** What a request proves itself with. Not verified. */
export type Credential = { kind: "api_key"; key: string } | { kind: "session"; cookie: string };

/** The name of the session cookie: browsers accept the `__Secure-` prefix over https only (RFC 6265bis, section 4.1.3). */
export const sessionCookieName = (secure: boolean): string => `${secure ? "__Secure-" : ""}margay.session_token`;

/**
 * The credential of a request, null: none. An API key (`Authorization: Bearer …` or `x-api-key`) goes before the cookie, also when it is not
 * valid: a client that names a key means that key. Other `Authorization` schemes are not ours and count as absent.
 */
export function credentialOf(request: Request): Credential | null {
  const bearer = /^Bearer(?:\s+(.*))?$/is.exec(request.headers.get("authorization") ?? "");
  const key = bearer ? (bearer[1] ?? "") : request.headers.get("x-api-key");
  if (key !== null) return key.length <= MAX_LENGTH ? { kind: "api_key", key: key.trim() } : null;
  const cookie = cookieValue(request.headers.get("cookie") ?? "", sessionCookieName(new URL(request.url).protocol === "https:"));
  return cookie === null || cookie.length > MAX_LENGTH ? null : { kind: "session", cookie };
}

/** The first cookie of that name, as sent (still percent-encoded). */
function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return null;
}
