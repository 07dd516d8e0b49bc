import { readDestination } from "./destination.ts";
import type { Effect } from "./effect.ts";
import { readEmail } from "./email.ts";
import { hostMatches, hostText, readHost } from "./host.ts";

/** A standing yes. Only grants that hold now are put before {@link grantCovers}: expired and revoked ones are left out by their keeper. */
export interface Grant {
  id: string;
  tool: string;
  /** The tool's version when it was given: a tool that means something else now is asked about again. */
  version: string;
  /** What it covers: patterns of destinations, or, where the call has none, the arguments by their hash. */
  covers: { destinations: readonly string[] } | { inputHash: string };
  /** Good for one task only; null: for all. */
  taskId: string | null;
}

/** The part of a call that a grant is compared with. */
export interface GrantedCall {
  tool: string;
  version: string;
  destinations: readonly string[];
  inputHash: string;
  taskId: string | null;
}

export function grantCovers(grant: Grant, call: GrantedCall): boolean {
  if (grant.tool !== call.tool || grant.version !== call.version) return false;
  if (grant.taskId !== null && grant.taskId !== call.taskId) return false;
  if ("inputHash" in grant.covers) return grant.covers.inputHash === call.inputHash;
  const { destinations } = grant.covers;
  if (call.destinations.length === 0) return destinations.includes("*");
  return call.destinations.every((destination) => destinations.some((pattern) => destinationMatches(pattern, destination)));
}

/**
 * Whether a pattern covers a destination: `*`; an address, page, host, number or name, which covers the same one; `@example.com`, every mailbox of that domain;
 * `*.example.com`, every host below it. A host covers its pages; a page covers only itself.
 */
export function destinationMatches(pattern: string, destination: string): boolean {
  const wanted = pattern.trim();
  if (wanted === "*") return true;
  const read = readDestination(destination);
  if (wanted.startsWith("@") && read.kind === "email") return readHost(wanted.slice(1))?.name === read.domain;
  if (wanted.startsWith("*.")) return (read.kind === "url" || read.kind === "host") && hostMatches(wanted, read.host);
  const covered = readDestination(wanted);
  switch (read.kind) {
    case "url":
      return covered.kind === "url"
        ? covered.page === read.page && (searchOf(wanted) === "" || searchOf(wanted) === searchOf(destination))
        : covered.kind === "host" && hostText(covered.host) === hostText(read.host);
    case "host":
      return covered.kind === "host" && hostText(covered.host) === hostText(read.host);
    case "email":
      return readEmail(wanted)?.address === read.address;
    case "number":
      return covered.kind === "number" && covered.digits === read.digits;
    case "name":
      return covered.kind === "name" && covered.words.join(" ") === read.words.join(" ");
  }
}

/** What stands for itself alone: not what a grant would read as a pattern, nor a name of which nothing can be compared. */
function isExact(destination: string): boolean {
  if (/^\s*[*@]/u.test(destination)) return false;
  const read = readDestination(destination);
  return read.kind !== "name" || read.words.length > 0;
}

/** The query of an address; empty: it has none, and stands for the page with any. */
const searchOf = (address: string): string => URL.parse(address)?.search ?? "";

/**
 * The narrowest grant for calls like this one: what is sent to the same destinations; where there are none, where something is destroyed or paid, and where the tool wants it (`alone`), the
 * very same arguments.
 */
export const narrowest = (call: Pick<GrantedCall, "destinations" | "inputHash"> & { effect: Effect; alone: boolean }): Grant["covers"] =>
  !call.alone &&
  call.destinations.length > 0 &&
  call.destinations.every(isExact) &&
  call.effect !== "destructive" &&
  call.effect !== "spend"
    ? { destinations: [...new Set(call.destinations)] }
    : { inputHash: call.inputHash };
