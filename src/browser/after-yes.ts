import { MargayError, withNext } from "../errors.ts";
import type { Sendable } from "./network-guard.ts";

/** An error of what a person said yes to, once it may have left: whoever reads it must not take it for not sent, and send it again. */
export function afterYes(error: unknown, sent: readonly Pick<Sendable, "method" | "url">[]): unknown {
  const why = error instanceof MargayError ? error.message : "The page could not be read.";
  const isGone = error instanceof MargayError && error.code === "gone";
  if (sent.length > 0) {
    const what = [...new Set(sent.map(({ method, url }) => `${method} ${url.split("?")[0] ?? ""}`))].slice(0, 3).join(", ");
    return new MargayError("gone", `Sent: ${what}. What came of it was not seen: ${why}`, ONCE);
  }
  return isGone ? new MargayError("gone", `Whether it was sent is not known: ${why}`, ONCE) : error;
}

const ONCE = withNext("Do not send it again without asking the user.", { untrusted: "web page" });
