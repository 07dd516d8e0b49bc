/** A host as the network knows it: lower case, punycode, canonical IP, no trailing dot; the port when it is not the default one (80, 443). */
export interface Host {
  name: string;
  port: string | null;
}

/** Reads `host` or `host:port`; null: not one. The URL standard's parser does the decoding (escapes, full-width letters, numeric IPs, punycode). */
export function readHost(text: string): Host | null {
  // What would end the host early or begin something else is no part of one.
  if (text === "" || /[\s/@?#\\]/.test(text)) return null;
  const url = URL.parse(`http://${text}/`);
  return url === null ? null : hostOf(url);
}

/** The host of a parsed URL. */
export function hostOf(url: URL): Host {
  const port = url.port === "" || url.port === "80" || url.port === "443" ? null : url.port;
  return { name: url.hostname.replace(/\.$/, ""), port };
}

export const hostText = ({ name, port }: Host): string => (port === null ? name : `${name}:${port}`);

/**
 * Whether a pattern covers a host: `example.com` (default ports), `example.com:8443`, `*.example.com` (every name below it, not itself, never an IP address),
 * `*` (every host at default ports). A pattern that cannot be read covers nothing.
 */
export function hostMatches(pattern: string, host: Host): boolean {
  const wanted = pattern.trim();
  if (wanted === "*") return host.port === null;
  const below = wanted.startsWith("*.");
  const read = readHost(below ? wanted.slice(2) : wanted);
  if (read === null || read.name === "" || read.port !== host.port) return false;
  if (!below) return read.name === host.name;
  return !isIp(host.name) && host.name.endsWith(`.${read.name}`);
}

const isIp = (name: string): boolean => name.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(name);
