import type { Condition } from "./condition.ts";
import { MAX_LISTENER_TEXT } from "./shapes.ts";

/** What is to be listened to, as the tool that makes a listener takes it. */
export interface Listened {
  from: "feed" | "page" | "mail" | "file" | "github" | "stripe" | "slack" | "standard" | "hmac";
  url?: string;
  folder?: string;
  contains?: string;
  if?: Condition[];
  any?: boolean;
  do: string;
  kind: "prompt" | "text";
}

/** `question`: a sentence that asks back; null: the words are none that rules understand. */
export type ListenWords = { ok: true; listened: Listened } | { ok: false; question: string | null };

/** An event that was understood, what is told of it where nothing else is said, and the words behind it. */
interface Event {
  source: Omit<Listened, "do" | "kind">;
  told: string;
  rest: string;
}

const MAX_WORDS = 300;

/**
 * Plain words as a listener: what happens ("when https://example.com/prices changes", "a new entry of …", "mail from ana@example.com arrives", "GitHub calls") and then what to do ("tell me", or words for the agent). All of the
 * words that say what happens have to be understood: a condition that is passed over would make it act on everything. Pure.
 */
export function understandListen(text: string): ListenWords {
  const words = text.trim().replace(/^(?:to\s+)?(?:when(?:ever)?|if|as soon as|(?:every|each|any)\s*time)\s+/iu, "");
  const event = ofAddress(words) ?? ofMail(words) ?? ofFile(words) ?? ofService(words);
  if (event === null) return { ok: false, question: null };
  if ("question" in event) return { ok: false, question: event.question };
  const done = doneOf(event.rest, event.told);
  return done === null ? { ok: false, question: null } : { ok: true, listened: { ...event.source, ...done } };
}

const CHANGES = /^(?:(?:is|was|has|gets)\s+)?(?:changes|changed|updates|updated|edited|an update|updates|different)\b/iu;
const SHOWS =
  /^(?:says|mentions|contains|shows|lists|has(?! (?:something|anything|news|new|a new|an?\s))|gets)\s+(?:the (?:words?|text)\s+)?/iu;
const PUBLISHES =
  /^(?:(?:has|gets|brings|publishes|posts|announces|writes|releases)\s+)?(?:(?:something|anything|an?|the|some|any)\s+)?(?:(?:news?|new|latest)\b\s*)?(?:(?:entry|entries|item|items|post|posts|article|articles|episode|episodes|release|releases|version|versions|something|anything)\b)?/iu;

/** A page or feed: `https://example.com/prices changes`, `the feed https://… has a new entry about bread`. */
function ofAddress(words: string): Event | { question: string } | null {
  const found =
    /^((?:(?:the|a|an|my|this|something|anything|new|news|entry|entries|post|posts|item|items)\s+)*(page|website|site|web page|feed|blog|rss|podcast|news)?\s*(?:is published\s+|appears\s+|comes\s+)?(?:feed\s+)?(?:at|of|from|on|in|under)?\s*)?<?(https?:\/\/[^\s<>"]+?)>?(?=[,.;:]?(?:\s|$))\s*([\s\S]*)$/iu.exec(
      words,
    );
  if (!found) return null;
  const [, before = "", noun = "", url = "", after = ""] = found;
  const host = URL.parse(url)?.host;
  if (host === undefined) return { question: `“${url.slice(0, 80)}” is no address. Say it as it stands in the browser.` };
  const said = noun.toLowerCase();
  const feedLike = /(?:feed|rss|atom)(?:[./?]|$)|\.(?:xml|rss|rdf)(?:\?|$)/iu.test(url);
  const feed = (rest: string, more: Partial<Listened> = {}): Event => ({
    source: { from: "feed", url, ...more },
    told: `New at ${host}:`,
    rest,
  });
  const page = (rest: string, more: Partial<Listened> = {}): Event => ({
    source: { from: "page", url, ...more },
    told: `${host} changed:`,
    rest,
  });
  const changes = CHANGES.exec(after)?.[0];
  if (changes !== undefined) return page(after.slice(changes.length));
  const shows = SHOWS.exec(after)?.[0];
  if (shows !== undefined) {
    const { value, rest } = upToDoing(after.slice(shows.length));
    return value === "" ? null : page(rest, { contains: value });
  }
  const publishes = PUBLISHES.exec(after)?.[0] ?? "";
  if (publishes.trim() !== "") {
    const behind = after.slice(publishes.length).trimStart();
    const about = /^(?:about|on|with|that (?:mentions|contains))\s+/iu.exec(behind)?.[0];
    if (about === undefined) return feed(behind);
    const { value, rest } = upToDoing(behind.slice(about.length));
    if (value === "") return null;
    return feed(rest, { any: true, if: ["title", "summary"].map((path) => ({ path, op: "contains" as const, value })) });
  }
  const news = /\b(?:new|news|entry|entries|posts?|items?)\b/iu.test(before);
  return /page|site/u.test(said) || (said === "" && !feedLike && !news) ? page(after) : feed(after);
}

const PROVEN: Condition = { path: "authenticated", op: "eq", value: true };

/** Mail: `mail from ana@example.com about the rent arrives`, `Acme writes me a mail`. */
function ofMail(words: string): Event | { question: string } | null {
  const begun = /^(?:(?:an?|any|some|new|the|more)\s+)*(?:e-?)?(?:mails?|letters?)\b\s*/iu.exec(words)?.[0];
  const writes = /^(\S+@\S+)\s+(?:writes|mails|e-?mails|sends)(?:\s+(?:to\s+)?me)?(?:\s+(?:an?\s+)?(?:e-?)?mails?)?\b\s*/iu.exec(words);
  if (begun === undefined && !writes) return null;
  let rest = words.slice((writes?.[0] ?? begun ?? "").length);
  let from = writes?.[1] ?? "";
  let about = "";
  for (;;) {
    const part = /^(from|by|about|on|with (?:the )?subject|arrives?|comes?(?: in)?|reaches me|is received)\b:?\s*/iu.exec(rest);
    if (!part) break;
    rest = rest.slice(part[0].length);
    const what = (part[1] ?? "").toLowerCase();
    if (!/^(?:from|by|about|on|with)/u.test(what)) continue;
    const found = upToDoing(rest, /\s+(?=(?:from|about|with (?:the )?subject|arrives?|comes?|reaches me|is received)\b)/iu);
    if (found.value === "") return null;
    if (what === "from" || what === "by") from = found.value;
    else about = found.value;
    rest = found.rest.trimStart();
  }
  if (/^(?:my|the|our|an?|some)\s/iu.test(from))
    return { question: `Whose mail is that? Say an address or a name as it stands in the mail: \`mail from ana@example.com arrives\`.` };
  const address = from.includes("@");
  const domain = !address && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/iu.test(from);
  const sender: Condition[] =
    from === ""
      ? []
      : [
          address
            ? { path: "from", op: "eq", value: from.toLowerCase() }
            : domain
              ? { path: "from", op: "like", value: `*@${from.toLowerCase()}` }
              : { path: "from_name", op: "contains", value: from },
          // Anybody can write any address into a mail. A name proves nothing anyway.
          ...(address || domain ? [PROVEN] : []),
        ];
  const subject: Condition[] = about === "" ? [] : [{ path: "subject", op: "contains", value: about }];
  const fields = [...sender, ...subject];
  return { source: { from: "mail", ...(fields.length === 0 ? {} : { if: fields }) }, told: "Mail came:", rest };
}

/** A file of the user's: `a pdf is added to /uploads`, `I upload a file`. */
function ofFile(words: string): Event | null {
  const found =
    /^(?:I\s+(?:upload|add|send)\s+)?(?:an?|the|any|new|some)\s+(?:new\s+)?(?:(pdf|csv|image|picture|photo|docx|xlsx|pptx|odt|ods|odp|epub|rtf|zip|json|html|text)\s*)?(?:file)?s?(?:\s+(?:is|are|gets|was)\s+(?:added|uploaded|put|saved|new)|\s+(?:arrives?|appears?|comes))?(?:\s+(?:to|in|into|under|below)\s+(?:my\s+files|(?:the\s+folder\s+)?(\/[^\s,;:]*)))?(?=[\s,;:.]|$)/iu.exec(
      words,
    );
  if (
    !found ||
    !/\b(?:file|pdf|csv|image|picture|photo|docx|xlsx|pptx|odt|ods|odp|epub|rtf|zip|json|html|text)s?\b/iu.test(found[0]) ||
    !/upload|add|send|arriv|appear|come|put|saved|new/iu.test(found[0])
  )
    return null;
  const [whole, type = "", folder] = found;
  const kind = type.toLowerCase();
  const fields: Condition[] =
    kind === "" || kind === "text"
      ? []
      : /^(?:image|picture|photo)$/.test(kind)
        ? [{ path: "mime", op: "like", value: "image/*" }]
        : [{ path: "extension", op: "eq", value: kind }];
  return {
    source: { from: "file", ...(folder === undefined ? {} : { folder }), ...(fields.length === 0 ? {} : { if: fields }) },
    told: "A file was added:",
    rest: words.slice(whole.length),
  };
}

const SERVICES: readonly [RegExp, Listened["from"], string][] = [
  [/^github\b/iu, "github", "GitHub called:"],
  [/^stripe\b/iu, "stripe", "Stripe called:"],
  [/^slack\b/iu, "slack", "Slack called:"],
  [/^(?:an?\s+)?standard[ -]webhooks?\b/iu, "standard", "A service called:"],
  [/^(?:(?:an?|my|the)\s+)?(?:script|server|service|program|(?:web)?hook)\b/iu, "hmac", "A service called:"],
];

/** A service that calls: `GitHub calls`. What it calls about is no matter of rules. */
function ofService(words: string): Event | null {
  for (const [name, from, told] of SERVICES) {
    const named = name.exec(words)?.[0];
    if (named === undefined) continue;
    const rest = words
      .slice(named.length)
      .replace(/^\s+(?:(?:web)?hook\s+)?(?:calls|posts|sends|reports|pings|fires)(?:\s+(?:me|something|anything|an event|it))?\b/iu, "");
    return { source: { from }, told, rest };
  }
  return null;
}

const DOING =
  /(?:tell|let|notify|inform|ping|say|ask|sum|summari[sz]e|write|make|check|compare|translate|add|remind|look|show|draft|find)\b/iu;

/** A value up to the words that say what to do, or to `also`; quotes around it are none of it. */
function upToDoing(text: string, also?: RegExp): { value: string; rest: string } {
  const quoted = /^["“”'‘](.{1,300}?)["”'’](?=[\s,;:]|$)/u.exec(text);
  if (quoted) return { value: (quoted[1] ?? "").trim(), rest: text.slice(quoted[0].length) };
  const ends = [
    text.search(/[,;:]\s|[,;:]$|\n/u),
    text.search(new RegExp(`\\s+(?:then\\s+)?(?=${DOING.source})`, "iu")),
    also ? text.search(also) : -1,
  ].filter((at) => at !== -1);
  const end = Math.min(text.length, ...ends);
  return { value: text.slice(0, end).trim().slice(0, MAX_WORDS), rest: text.slice(end) };
}

/** What to do; null: what stands there is not understood as that. */
function doneOf(text: string, told: string): Pick<Listened, "do" | "kind"> | null {
  const separated = /^\s*(?:[,;:.]|\n|->|→)\s*(?:and\s+)?(?:then\s+)?|^\s*(?:and\s+)?then\s+/iu.exec(text)?.[0];
  const words = (separated === undefined ? text : text.slice(separated.length)).trim();
  if (
    words === "" ||
    /^(?:please\s+)?(?:(?:tell|notify|inform|ping)(?:\s+me)?|let me know|say so)(?:\s+(?:about\s+)?(?:it|that|so))?[.!]?$/iu.test(words)
  )
    return { kind: "text", do: told };
  if (separated === undefined && !new RegExp(`^(?:please\\s+)?${DOING.source}`, "iu").test(words)) return null;
  const exact = /^(?:tell me|say)\s*:?\s*["“](.+)["”][.!]?$/isu.exec(words)?.[1];
  if (words.length > MAX_LISTENER_TEXT) return null;
  return exact === undefined ? { kind: "prompt", do: words } : { kind: "text", do: exact };
}
