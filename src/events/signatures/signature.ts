import type { HookScheme, HookSchemeName } from "../hook-scheme.ts";

/** What a service posted, as it came: the exact bytes are what is signed. */
export interface PostedHook {
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** UTC milliseconds. */
  now: number;
}

/**
 * What a right signature says of the request. `id`: the delivery's own, the same for every repeat; null: it has none. `signed`: whether the signature covers that id, so that nobody but the sender can have changed it.
 * `differs`: whether two deliveries never have the same bytes, so that the same bytes are a repeat whatever their id.
 * `challenge`: no event, but a question whether this address is the user's; the text answers it.
 */
export type Verified = { kind: "event"; id: string | null; signed: boolean; differs: boolean } | { kind: "challenge"; answer: string };

/** How a service signs. One a file, each by its vendor's own rules. */
export interface SignatureScheme<Scheme extends HookScheme = HookScheme> {
  /** Whom people call it by: "GitHub". */
  readonly title: string;
  /** Whether the service makes the secret, and Margay is told it. */
  readonly theirs: boolean;
  /** A new secret; never asked for where the service makes it. */
  newSecret(): string;
  /** Why a secret that a person entered cannot be one, as a sentence; null: it can. */
  secretProblem(secret: string): string | null;
  /** null: not signed with any of the secrets, or too old. Compares in constant time, whatever came. Never throws. */
  verify(hook: PostedHook, secrets: readonly string[], scheme: Scheme): Promise<Verified | null>;
  /** What a request of it is like, for trying out conditions. */
  readonly sample: { headers: Readonly<Record<string, string>>; payload: unknown };
}

export type SignatureSchemes = { [Name in HookSchemeName]: SignatureScheme<Extract<HookScheme, { name: Name }>> };
