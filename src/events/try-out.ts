import { mimeOf } from "../workspace/mime-of.ts";
import { nameOf } from "../workspace/path.ts";
import type { FileView } from "../workspace/shapes.ts";
import { fileEvent } from "./sources/file.ts";
import type { MailEvent } from "../channels/email/mail-event.ts";
import type { Answer } from "./ask-model.ts";
import { holds, valuesAt } from "./condition.ts";
import type { Incoming } from "./incoming.ts";
import type { StoredListener } from "./listener.ts";
import { fieldsHold } from "./record.ts";
import type { ListenerAction, TestInput, TestResult } from "./shapes.ts";
import { SIGNATURE_SCHEMES } from "./signatures/registry.ts";
import { originOf } from "./source-name.ts";
import { feedEvent } from "./sources/feed.ts";
import { contentOf, fieldsOf, keptHeaders, titleOf } from "./sources/hook.ts";
import { mailEvent } from "./sources/mail.ts";
import { pageEvent } from "./sources/page.ts";

const MAX_FOUND = 200;

/** Says what a listener would do with an event: each condition, the model's answer where one is asked, and what follows. Does nothing of it. */
export async function tryOut(
  listener: StoredListener,
  event: Incoming,
  ask: (question: string, event: { title: string; content: string; origin: string }) => Promise<Answer>,
): Promise<Omit<TestResult, "done">> {
  const { when, action, status } = listener;
  const conditions = when.fields.map((condition) => {
    const found = valuesAt(event.fields, condition.path);
    const shown = found.length === 0 ? null : JSON.stringify(found.length === 1 ? found[0] : found);
    return { condition, holds: holds(event.fields, condition), found: shown?.slice(0, MAX_FOUND).toWellFormed() ?? null };
  });
  const matches = event.nothing === null && fieldsHold(event.fields, when);
  const answer = matches && when.question !== null ? await ask(when.question, { ...event, origin: originOf(listener) }) : null;
  const would =
    !matches || answer?.is === "no" ? "filter" : answer?.is === "undecided" ? "undecided" : status === "paused" ? "pause" : "fire";
  return {
    conditions,
    matches,
    answer: answer?.is ?? null,
    would,
    sentence: sentenceOf(would, event, action, answer),
    title: event.title,
    content: event.content,
  };
}

function sentenceOf(would: TestResult["would"], { nothing }: Incoming, action: ListenerAction, answer: Answer | null): string {
  if (would === "undecided") return `Nothing would be done: ${answer?.is === "undecided" ? answer.why : "the model gave no answer."}`;
  if (would === "filter")
    return (
      nothing ??
      (answer === null
        ? "Nothing would be done: its fields are not as the conditions want them."
        : "Nothing would be done: the model said no.")
    );
  const does = DOES[action.kind];
  return would === "pause" ? `It is paused; otherwise ${does}.` : `${does.slice(0, 1).toUpperCase()}${does.slice(1)}.`;
}

const DOES: Readonly<Record<ListenerAction["kind"], string>> = {
  prompt: "your agent would be asked, with this event as content",
  profile: "a task in the background would be begun, with this event as content",
  playbook: "the playbook would be run, with this event as `{{event}}`",
  text: "your text would be told, with the title of this event",
};

/** An event to try a listener with: what was given, else a sample of its kind. */
export function sampleEvent(
  { source, title }: StoredListener,
  { payload, headers }: Pick<TestInput, "payload" | "headers">,
  key: string,
): Incoming {
  const common = { key, bytesKey: null, repeatMs: null, nothing: null };
  if (source.kind === "hook") {
    const { sample } = SIGNATURE_SCHEMES[source.scheme.name];
    const body: unknown = payload ?? sample.payload;
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const kept = keptHeaders(payload === undefined ? { ...sample.headers, ...lower } : lower);
    return { ...common, title: titleOf(body, kept, source.scheme), fields: fieldsOf(body, kept), content: contentOf(body, kept) };
  }
  const given = typeof payload === "object" && payload !== null && !Array.isArray(payload) ? payload : {};
  const text = (name: string, otherwise: string): string => {
    const value: unknown = Reflect.get(given, name);
    return typeof value === "string" ? value : otherwise;
  };
  if (source.kind === "mail") return { ...mailEvent(sampleMail(given, text)), key };
  if (source.kind === "file")
    return { ...fileEvent(sampleFile(text("path", `${source.folder === "/" ? "" : source.folder}/example.pdf`))), key };
  if (source.kind === "feed") {
    const item = {
      key,
      title: text("title", "A new entry"),
      link: text("link", source.url),
      published: text("published", "2026-01-01T09:00:00Z"),
      author: text("author", "Ada"),
      summary: text("summary", "What the entry is about."),
      categories: [],
    };
    return { ...feedEvent({ title }, item, source.url), key };
  }
  return pageEvent({
    address: source.url,
    title: text("title", ""),
    added: text("text", source.contains ?? "A new line").split("\n"),
    gone: 0,
    key,
  });
}

/** An upload. */
const sampleFile = (path: string): FileView => ({
  id: "sample",
  path,
  name: nameOf(path),
  size: 12_000,
  mime: mimeOf(path),
  version: 1,
  author: "user",
  untrusted: "a file that was uploaded",
  created_at: 0,
  updated_at: 0,
  deleted_at: null,
});

/** A mail from somebody who is proven, or what of one was given. */
function sampleMail(given: object, text: (name: string, otherwise: string) => string): MailEvent {
  const yes = (name: string, otherwise: boolean): boolean => {
    const value: unknown = Reflect.get(given, name);
    return typeof value === "boolean" ? value : otherwise;
  };
  const attachments: unknown = Reflect.get(given, "attachments");
  const authenticated = yes("authenticated", true);
  return {
    id: "sample",
    at: 0,
    to: text("to", "you@margay.example.com"),
    tag: text("tag", "") || null,
    from: text("from", "ada@example.com"),
    from_name: text("from_name", "Ada"),
    authenticated,
    results: { dmarc: text("dmarc", authenticated ? "pass" : "fail"), dkim: null, spf: null },
    reason: text("reason", "its sender is not linked to this account"),
    automatic: yes("automatic", false),
    subject: text("subject", "A letter"),
    text: text("text", "What the mail says."),
    attachments: Array.isArray(attachments) ? attachments.filter((name) => typeof name === "string") : [],
  };
}
