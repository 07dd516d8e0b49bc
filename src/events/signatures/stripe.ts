import type { HookScheme } from "../hook-scheme.ts";
import { anyMatches, hexBytes, isFresh, signedBytes, utf8Bytes } from "./hmac-sha256.ts";
import type { SignatureScheme } from "./signature.ts";

/**
 * Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=<hex>…]` over `<t>.<body>`, under the whole text of the endpoint's `whsec_…`; several v1 while a secret is rolled. Other schemes (`v0`) are ignored, so that none
 * can be asked for. The event's id is in the body, which is signed.
 * https://docs.stripe.com/webhooks#verify-manually
 */
export const stripe: SignatureScheme<Extract<HookScheme, { name: "stripe" }>> = {
  title: "Stripe",
  theirs: true,
  newSecret: () => "",
  secretProblem: (secret) =>
    secret.startsWith("whsec_")
      ? null
      : "Stripe's signing secret begins with whsec_: it is shown where the endpoint is, under “Signing secret”.",
  async verify({ headers, body, now }, secrets) {
    const { t, v1 } = readSignatureHeader(headers["stripe-signature"] ?? "");
    const right = await anyMatches(secrets.map(utf8Bytes), v1, signedBytes(`${t ?? ""}.`, body));
    return right && isFresh(t, now) ? { kind: "event", id: eventIdOf(body), signed: true, differs: true } : null;
  },
  sample: {
    headers: {},
    payload: {
      id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
      object: "event",
      type: "invoice.payment_failed",
      data: { object: { id: "in_1", customer_email: "ada@example.com", amount_due: 4200, currency: "eur", status: "open" } },
    },
  },
};

/** The parts of the header. Never throws. */
export function readSignatureHeader(header: string): { t: string | undefined; v1: Uint8Array<ArrayBuffer>[] } {
  const parts = header
    .slice(0, 2_000)
    .split(",")
    .map((part) => part.trim());
  const of = (name: string): string[] => parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  return { t: of("t")[0], v1: of("v1").flatMap((text) => hexBytes(text) ?? []) };
}

/** `"id": "evt_…"` of the body; null: it has none that can be read. */
function eventIdOf(body: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    const id: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "id") : null;
    return typeof id === "string" && id !== "" ? id : null;
  } catch {
    return null;
  }
}
