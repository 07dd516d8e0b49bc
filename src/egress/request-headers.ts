/** Set by the connection, by a proxy, or by nobody: Margay keeps no cookies. */
const NEVER =
  /^(?:cookie2?|set-cookie|host|user-agent|referer|origin|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-length|expect|via|forwarded|proxy-.*|sec-.*|x-forwarded-.*|x-real-ip|cf-.*)$/i;

const ALSO_ELSEWHERE = new Set(["accept", "accept-language"]);

/** The headers of one request. Throws a `TypeError` for what cannot be a header. */
export function requestHeaders(given: Readonly<Record<string, string>>, sameHost: boolean): Headers {
  const headers = new Headers({ "user-agent": "Margay", accept: "*/*" });
  for (const [name, value] of Object.entries(given)) {
    if (NEVER.test(name) || !(sameHost || ALSO_ELSEWHERE.has(name.toLowerCase()))) continue;
    headers.set(name, value);
  }
  return headers;
}
