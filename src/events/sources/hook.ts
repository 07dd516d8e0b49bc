import { valuesAt } from "../condition.ts";
import { flatFields } from "../flat-fields.ts";
import type { HookScheme } from "../hook-scheme.ts";
import { type Incoming, MAX_CONTENT, oneLine } from "../incoming.ts";
import { schemeOf } from "../signatures/registry.ts";
import type { PostedHook, Verified } from "../signatures/signature.ts";

/** Where nothing else tells two deliveries apart, the same bytes within this time are one that is sent again. */
const SAME_BYTES_MS = 10 * 60_000;

/** What a verified request of a hook is as an event. Never throws. */
export function hookEvent(
  { headers, body }: PostedHook,
  verified: Extract<Verified, { kind: "event" }>,
  bytesHash: string,
  scheme: HookScheme,
): Incoming {
  const payload = readPayload(body, headers["content-type"] ?? "");
  const kept = keptHeaders(headers);
  return {
    key: verified.id ?? bytesHash,
    // An id that is not signed can be changed by who saw the request once; its bytes cannot.
    bytesKey: !verified.signed && verified.differs ? bytesHash : null,
    // A script that says "done" every night says the same every night.
    repeatMs: verified.id === null && !verified.differs ? SAME_BYTES_MS : null,
    title: titleOf(payload, kept, scheme),
    fields: fieldsOf(payload, kept),
    content: contentOf(payload, kept),
    nothing: scheme.name === "github" && kept["x-github-event"] === "ping" ? "GitHub asks whether this address works." : null,
  };
}

/** The members of the payload, with `headers` and the whole as `body` beside them. */
export function fieldsOf(payload: unknown, headers: Readonly<Record<string, string>>): Record<string, unknown> {
  const own = typeof payload === "object" && payload !== null && !Array.isArray(payload) ? payload : {};
  return { ...own, headers, body: payload };
}

/** As the agent reads it: what the headers say of the kind of event, then the payload. */
export function contentOf(payload: unknown, headers: Readonly<Record<string, string>>): string {
  const kind = KIND_HEADERS.flatMap((name) => headers[name] ?? [])[0];
  const head = kind === undefined ? "" : `event: ${oneLine(kind)}\n`;
  return `${head}${flatFields(payload, MAX_CONTENT - head.length)}`;
}

const KIND_HEADERS = ["x-github-event", "x-gitlab-event", "x-gitea-event", "x-event-key", "x-event-type", "x-shopify-topic"];
const TITLE_PATHS = [
  "title",
  "subject",
  "pull_request.title",
  "issue.title",
  "release.name",
  "data.object.description",
  "head_commit.message",
  "event.text",
  "data.name",
  "name",
  "summary",
  "message",
  "text",
  "event.type",
];

/** `pull_request opened: Faster start`. */
export function titleOf(payload: unknown, headers: Readonly<Record<string, string>>, scheme: HookScheme): string {
  const first = (paths: readonly string[]): string =>
    paths.flatMap((path) => valuesAt(payload, path)).find((value): value is string => typeof value === "string" && value.trim() !== "") ??
    "";
  const kind = KIND_HEADERS.flatMap((name) => headers[name] ?? [])[0] ?? first(["type", "event_type", "event", "topic"]);
  const head = [kind, first(["action", "status", "state"])].filter((part) => part !== "").join(" ");
  const what = first(TITLE_PATHS);
  return oneLine([head, what].filter((part) => part !== "").join(": ") || `Something from ${schemeOf(scheme).title}`);
}

/** Headers that say something of the event; none that signs, lets in or says where it came through. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(
        ([name]) =>
          (/^(?:x-|webhook-|svix-|ce-)/u.test(name) || ["content-type", "user-agent"].includes(name)) &&
          !/signature|token|secret|auth|cookie|api-?key|password|^x-(?:forwarded|real|envoy|amzn|cloud|request-start)/u.test(name),
      )
      .slice(0, 30)
      .map(([name, value]) => [name, value.slice(0, 500)]),
  );
}

/** JSON, a form (of which a field `payload` that is JSON counts as all of it), or text. */
export function readPayload(bytes: Uint8Array, contentType: string): unknown {
  const text = new TextDecoder().decode(bytes);
  if (/^application\/x-www-form-urlencoded\b/iu.test(contentType.trim())) {
    const form = new URLSearchParams(text);
    const whole = parsed(form.get("payload") ?? "");
    return typeof whole === "object" && whole !== null ? whole : Object.fromEntries([...form].slice(0, 1_000));
  }
  const value = parsed(text);
  return value === undefined ? { text: text.replaceAll("\u0000", "") } : value;
}

/** undefined: no JSON, or nested so deep that it cannot be read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
