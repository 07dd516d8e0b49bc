import type { Condition, FiringView, HookScheme, ListenerSource, ListenerView, TestResult } from "../api/listeners.ts";
import { counted, whole } from "../lib/format.ts";
import { clock, dayName, onDay } from "../lib/time.ts";
import { type ActionWords, doesWords as scheduled, PLAYBOOK, wordsOf } from "../schedules/schedule-words.ts";

export type SourceKind = ListenerSource["kind"];

/** Where events come from, as a person chooses it. */
export const KINDS: readonly { kind: SourceKind; name: string; what: string }[] = [
  { kind: "hook", name: "Service", what: "A service such as GitHub calls an address of its own whenever something happens." },
  { kind: "feed", name: "Feed", what: "News of a site: RSS, Atom or JSON Feed. Each new item is an event." },
  { kind: "page", name: "Page", what: "A web page is looked at now and then. A change of its text is an event." },
  { kind: "file", name: "File", what: "A file that you upload or send, in a folder of yours. What Margay writes itself is no event." },
  { kind: "mail", name: "Mail", what: "Mail to your Margay address from anybody but you. Each is an event." },
];

export interface SchemeWords {
  name: HookScheme["name"];
  title: string;
  /** The service makes the secret. */
  theirs: boolean;
  /** What to do there, a step at a time. */
  steps: readonly string[];
}

/** Services that call, and what is to be entered there. */
export const SCHEMES: readonly SchemeWords[] = [
  {
    name: "github",
    title: "GitHub",
    theirs: false,
    steps: [
      "At GitHub open the repository, Settings, Webhooks, Add webhook.",
      "Payload URL: the address. Content type: application/json. Secret: the secret.",
      "Choose the events and press Add webhook.",
    ],
  },
  {
    name: "stripe",
    title: "Stripe",
    theirs: true,
    steps: [
      "At Stripe open Developers, Webhooks, Add destination, and enter the address as endpoint URL.",
      "Choose the events and create it.",
      "Copy its signing secret (it begins with whsec_) and enter it here.",
    ],
  },
  {
    name: "slack",
    title: "Slack",
    theirs: true,
    steps: [
      "At api.slack.com/apps open your app, Basic Information, and copy its signing secret. Enter it here first.",
      "Then under Event Subscriptions switch events on and enter the address as request URL.",
      "Subscribe to the events you want and save.",
    ],
  },
  {
    name: "standard",
    title: "Standard Webhooks",
    theirs: false,
    steps: ["Where the service asks for an endpoint, enter the address.", "Where it asks for a signing secret, enter the secret."],
  },
  {
    name: "hmac",
    title: "Another, signed with HMAC-SHA256",
    theirs: false,
    steps: [
      "Where the service asks for an address, enter the address; where it asks for a secret, enter the secret.",
      "It signs the body of each request with HMAC-SHA256 under the secret, and puts that into the header you named.",
    ],
  },
];

const [FIRST_SCHEME] = SCHEMES as readonly [SchemeWords, ...SchemeWords[]];
export const schemeWords = (name: string): SchemeWords => SCHEMES.find((item) => item.name === name) ?? FIRST_SCHEME;

/** A scheme as it begins. */
export function newScheme(name: string): HookScheme {
  const known = schemeWords(name).name;
  if (known === "hmac") return { name: known, header: "x-signature", encoding: "hex", prefix: "", timestamp_header: null, id_header: null };
  return { name: known };
}

/** What it does, as a person chooses it. */
export const ACTIONS: readonly ActionWords[] = [
  {
    kind: "prompt",
    name: "Ask Margay",
    what: "Margay answers this, with what came as material.",
    label: "What you ask",
    example: "Sum up this pull request in three lines, and say whether I should look at it today",
  },
  {
    kind: "text",
    name: "Tell me",
    what: "Margay says these words, as they are. No model is asked.",
    label: "What it says",
    example: "A payment failed",
  },
  {
    kind: "profile",
    name: "Task",
    what: "A profile works on it in the background, with what came as material.",
    label: "What it is to do",
    example: "Read the article and compare it with what I keep about the subject",
  },
  PLAYBOOK,
];

/** Variables of a playbook that what came fills by itself. */
export const GIVEN: readonly string[] = ["event"];

/** Every how many minutes something is looked at. */
export const PACES = [15, 30, 60, 180, 360, 720, 1440, 10_080];

/** The host of an address, for a short line; the address where it is none. */
function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

export function sourceWords(source: ListenerSource): string {
  switch (source.kind) {
    case "hook":
      return source.scheme.name === "hmac" ? "A service calls" : `${schemeWords(source.scheme.name).title} calls`;
    case "feed":
      return `News of ${hostOf(source.url)}`;
    case "page":
      return `A change of ${hostOf(source.url)}${source.contains === null ? "" : `, only lines with “${source.contains}”`}`;
    case "mail":
      return "Mail arrives";
    case "file":
      return source.folder === "/" ? "A file is added" : `A file is added in ${source.folder}`;
    default:
      // The union grows.
      return "Something happens";
  }
}

/** What it does, with its words where the title does not say them all. */
export function doesWords({ action, title }: Pick<ListenerView, "action" | "title">): string {
  const does = action.kind === "text" ? "Tells you" : scheduled(action);
  if (action.kind === "playbook") return title.includes(action.playbook) ? "Runs a playbook" : does;
  const words = wordsOf(action);
  return words === title ? does : `${does}: ${words}`;
}

const OPS: Readonly<Record<Condition["op"], string>> = {
  eq: "is",
  ne: "is not",
  contains: "contains",
  like: "is like",
  in: "is one of",
  gt: "is more than",
  lt: "is less than",
  exists: "is there",
};

export const CHOICES: readonly { value: Condition["op"]; label: string }[] = (
  ["eq", "ne", "contains", "like", "in", "gt", "lt", "exists"] as const
).map((op) => ({ value: op, label: OPS[op] }));

/** `pull_request.state is open`. */
export function conditionWords({ path, op, value }: Condition): string {
  if (op === "exists") return `${path} ${value === false ? "is not there" : OPS.exists}`;
  return `${path} ${OPS[op]} ${Array.isArray(value) ? value.join(", ") : String(value)}`;
}

/** Which events count, in a line; null: all of them. */
export function whenWords({ when: { match, fields, question } }: Pick<ListenerView, "when">): string | null {
  const parts = fields.map(conditionWords).join(match === "all" ? " and " : " or ");
  const asked = question === null ? "" : `a model says yes to “${question}”`;
  if (parts === "" && asked === "") return null;
  return `Only if ${[parts, asked].filter((part) => part !== "").join(", and ")}`;
}

/** What came of it so far. */
export function countedWords(now: number, { events, firings, last_event_at: last }: ListenerView): string {
  if (events === 0 || last === null) return "Nothing came yet";
  return `${counted(events, "event")}, acted ${firings === 1 ? "once" : `${whole(firings)} times`}, last ${onDay(now, last)} at ${clock(last)}`;
}

/** When a feed or page is looked at next; null: it is none. */
export function pollWords(now: number, { poll, status }: ListenerView): string | null {
  if (poll === null || status === "paused") return null;
  const next = poll.next_at <= now ? "now" : `${dayName(now, poll.next_at).toLowerCase()}, ${clock(poll.next_at)}`;
  return poll.last_at === null ? `Looked at first: ${next}` : `Looked at next: ${next}`;
}

/** What became of an event. */
export const OUTCOMES: Readonly<Record<FiringView["outcome"], { name: string; tone?: "good" | "bad" }>> = {
  waiting: { name: "waits" },
  fired: { name: "acted on", tone: "good" },
  filtered: { name: "does not count" },
  undecided: { name: "undecided", tone: "bad" },
  throttled: { name: "too many" },
  paused: { name: "was paused" },
  duplicate: { name: "came before" },
  failed: { name: "failed", tone: "bad" },
};

export const WOULD: Readonly<Record<TestResult["would"], string>> = {
  fire: "It would act",
  filter: "It does not count",
  undecided: "It could not be decided",
  pause: "It would pause",
};
