import { checkPublicUrl } from "../../egress/public-url.ts";
import { timeLimit } from "../../time-limit.ts";
import type { Delivery, DeliveryContext, DeliveryResult } from "../channel.ts";
import { SIGNATURE_HEADER, signWebhook, TIMESTAMP_HEADER } from "./signature.ts";

/** How long the other side may take to answer. */
export const CALLBACK_TIMEOUT_MS = 10_000;
/** What is read of its answer, bytes; the rest is not waited for. */
const MAX_ANSWER = 1024;
/** The longest wait another side can ask for with `Retry-After`. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** What a callback carries. */
export interface CallbackBody {
  /** The delivery's id: the same on every attempt, so that a receiver can drop repeats. */
  id: string;
  turn_id: string;
  /** The `idempotency_key` of the request that is answered, null when it named none. */
  request_id: string | null;
  success: boolean;
  status: Delivery["status"];
  /** Markdown. */
  response: string;
}

/**
 * POSTs a finished reply to the callback address, signed like an incoming webhook. Only 2xx is `told`; 408, 425, 429 and 5xx, a timeout and a
 * broken connection are `retry`; everything else, redirects too, is `refused`.
 */
export async function deliverCallback(delivery: Delivery, context: DeliveryContext): Promise<DeliveryResult> {
  const { target } = delivery;
  if (target.channel !== "webhook") return { kind: "refused", reason: `not a webhook target: ${target.channel}` };
  // Whoever asked without a callback address was answered on the connection.
  if (target.callbackUrl === undefined) return { kind: "told" };
  const checked = checkPublicUrl(target.callbackUrl);
  if (!checked.allowed) return { kind: "refused", reason: `callback_url ${checked.reason}` };
  const secret = await context.secret("webhook:signing");
  if (secret === null) return { kind: "refused", reason: "no webhook signing secret" };
  const body = new TextEncoder().encode(JSON.stringify(callbackBody(delivery, target.requestId ?? null)));
  const timestamp = String(Math.floor(context.now() / 1000));
  // Called as a plain function: the Workers runtime refuses a global `fetch` called as somebody's method.
  const { fetch: send } = context;
  let response: Response;
  const limit = timeLimit(CALLBACK_TIMEOUT_MS);
  try {
    response = await send(target.callbackUrl, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.any([context.signal, limit.signal]),
      headers: {
        "content-type": "application/json",
        "user-agent": "Margay-Webhook/1",
        "idempotency-key": headerSafe(target.requestId) ?? delivery.id,
        [TIMESTAMP_HEADER]: timestamp,
        [SIGNATURE_HEADER]: await signWebhook(secret, timestamp, body),
      },
      body,
    });
  } catch (error) {
    return { kind: "retry", reason: error instanceof Error && error.name === "TimeoutError" ? "no answer in 10 s" : "connection failed" };
  } finally {
    limit.end();
  }
  await discard(response);
  return judge(response, context.now());
}

function callbackBody(delivery: Delivery, requestId: string | null): CallbackBody {
  return {
    id: delivery.id,
    turn_id: delivery.turnId,
    request_id: requestId,
    success: delivery.status === "done",
    status: delivery.status,
    response: delivery.text,
  };
}

/** What an answer means for the delivery. `now` is for a `Retry-After` that is a date (RFC 9110, 10.2.3). */
function judge(response: Response, now: number): DeliveryResult {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: "told" };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(response.headers.get("retry-after"), now);
    return afterMs === null ? { kind: "retry", reason: `HTTP ${status}` } : { kind: "retry", reason: `HTTP ${status}`, afterMs };
  }
  return { kind: "refused", reason: status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}` };
}

function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) : null;
}

/** Reads up to {@link MAX_ANSWER} bytes, so that a short answer ends its connection cleanly, and drops the rest. */
async function discard(response: Response): Promise<void> {
  if (!response.body) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  try {
    for (let size = 0; size < MAX_ANSWER;) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The status arrived, and it alone decides.
  }
}

/** A key as a header value: visible ASCII only, or nothing. */
const headerSafe = (key: string | undefined): string | undefined => (key !== undefined && /^[\x20-\x7e]+$/.test(key) ? key : undefined);
