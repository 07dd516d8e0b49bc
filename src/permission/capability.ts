import { readEmail } from "./email.ts";
import { hostMatches, readHost } from "./host.ts";
import { isBelow, readPath } from "./path.ts";

/** What a call needs, or a user grants: `kind` or `kind:scope`, such as `todos.read`, `net.fetch:api.github.com`, `email.send:@example.com`, `files.write:/notes`. */
export interface Capability {
  kind: string;
  scope: string | null;
}

/** null: not a capability. */
export function readCapability(text: string): Capability | null {
  const match = /^([a-z][a-z0-9_.-]*)(?::(.+))?$/s.exec(text.trim());
  return match?.[1] === undefined ? null : { kind: match[1], scope: match[2] ?? null };
}

/** Whether a granted scope covers a needed one, by kind. Every other kind is compared as it is written. */
const SCOPES: Readonly<Record<string, (granted: string, needed: string) => boolean>> = {
  "net.fetch": coversHost,
  "email.send": coversAddress,
  "files.read": coversPath,
  "files.write": coversPath,
  "files.delete": coversPath,
  "package.install": coversPackage,
};

/** Kinds of which a grant without a scope is one of everything. */
const WHOLE: ReadonlySet<string> = new Set(["files.read", "files.write", "files.delete", "secrets.use"]);

/** Whether what is granted covers what is needed. What cannot be read covers nothing and is covered by nothing: absence denies. */
export function covers(granted: string, needed: string): boolean {
  const [have, want] = [readCapability(granted), readCapability(needed)];
  if (have === null || want === null || have.kind !== want.kind) return false;
  // All of the user's files, or secrets, have no scope; a part of them has.
  if (have.scope === null && WHOLE.has(have.kind)) return true;
  if (have.scope === null || want.scope === null) return have.scope === want.scope;
  const compare = Object.hasOwn(SCOPES, have.kind) ? SCOPES[have.kind] : undefined;
  return compare === undefined ? have.scope === want.scope : compare(have.scope, want.scope);
}

function coversHost(granted: string, needed: string): boolean {
  const host = readHost(needed);
  return host !== null && hostMatches(granted, host);
}

/** One address, `@example.com` (that domain, nothing below it) or `*`. */
function coversAddress(granted: string, needed: string): boolean {
  const wanted = readEmail(needed);
  if (wanted === null) return false;
  if (granted.trim() === "*") return true;
  if (granted.trim().startsWith("@")) return readHost(granted.trim().slice(1))?.name === wanted.domain;
  return readEmail(granted)?.address === wanted.address;
}

/** `pip/requests`, `pip/*` (any of that manager) or `*`. */
function coversPackage(granted: string, needed: string): boolean {
  return granted === "*" || granted === needed || (granted.endsWith("/*") && needed.startsWith(granted.slice(0, -1)));
}

/** A folder covers everything below it. */
function coversPath(granted: string, needed: string): boolean {
  const [folder, path] = [readPath(granted), readPath(needed)];
  return folder !== null && path !== null && isBelow(folder, path);
}
