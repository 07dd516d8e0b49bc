import { MargayError } from "../errors.ts";

/** Which idempotency key a request has. `given`: the caller chose it, so the request may be a repeat. */
export interface RequestKey {
  key: string;
  given: boolean;
}

/** Reads `Idempotency-Key` (1 to 255 visible ASCII characters); without one, `random` makes one that nobody can repeat. */
export function requestKey(request: Request, random: () => string): RequestKey {
  const header = request.headers.get("idempotency-key");
  if (header === null) return { key: random(), given: false };
  if (!/^[\x21-\x7e]{1,255}$/.test(header))
    throw new MargayError("invalid_request", "Idempotency-Key must be 1 to 255 visible ASCII characters, without spaces.");
  return { key: header, given: true };
}

/** Header that marks the answer to a repeat. */
export const REPLAYED = "idempotent-replayed";
