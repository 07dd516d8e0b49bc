import { z } from "zod";
import { sha256Hex } from "../audit/hash.ts";
import { allClean, cut, type Scrub } from "./cut.ts";
import { type ElementFacts, shownFields, withoutSecrets } from "./element-facts.ts";
import type { Sending } from "./network-guard.ts";
import { type Handle, hostIn } from "./refs.ts";
import { topFrame } from "./tabs.ts";

/** What a person is shown before something is sent, and what it is compared with when they said yes. */
export const Seen = z.strictObject({
  /** The page it is on. */
  page: z.string(),
  /** The frame it is in, where that is another address. */
  frame: z.string().optional(),
  /** What is pressed. */
  element: z.string(),
  fields: z.array(z.strictObject({ field: z.string(), value: z.string() })),
  /** Where it goes, and what is known of what goes there. */
  sends: z.array(z.strictObject({ method: z.string(), to: z.string(), body: z.string() })),
  /** What the page asks before it does so. */
  asks: z.array(z.string()),
  /** The page at that moment, among the user's files. */
  screenshot: z.string(),
});
export type Seen = z.infer<typeof Seen>;

/** Something that a page would send if it were allowed to: one act on one element. */
export interface Proposal {
  /** `shop.example.com#3`: the host that it goes to, and a number. */
  id: string;
  ref: string;
  act: "click" | "Enter";
  seen: Seen;
  /** The requests that may leave. */
  sends: { method: string; url: string }[];
  /** Of everything that counts, secrets included. */
  fingerprint: string;
  /** The page was opened with it. */
  top: string;
}

/** Requests of one act that are shown, and may leave. */
export const MAX_SENDS = 20;

/** A request that only its own host is asked about: where the page sends, not what counts its visitors elsewhere. The main one is first. */
export function mainSends(sends: readonly Sending[], page: string): { host: string; sends: Sending[] } {
  const main = sends.find(({ navigation }) => navigation) ?? sends.find(({ url }) => hostIn(url) === hostIn(page)) ?? sends[0];
  const host = hostIn(main?.url ?? page);
  return { host, sends: sends.filter(({ url }) => hostIn(url) === host).toSorted((a, b) => Number(b === main) - Number(a === main)) };
}

/** Another one where anything was changed: a value, also of a hidden or secret field, what is written on the element, where the form goes. `salt` keeps what is secret from being guessed by it. */
export const fingerprintOf = ({ tag, type, text, form, fields }: ElementFacts, frame: string, salt: string): string =>
  sha256Hex(JSON.stringify([salt, frame, tag, type, text, form, fields]));

/** Characters that a person is shown of each. */
const MOST = { page: 2_000, written: 200, field: 100, value: 500, to: 2_000, body: 4_000, ask: 1_000 };

/** An element as a person is shown it: without any stored secret that a page shows in a place of its own, and then cut. */
export async function seenNow(
  { ref, tab, frame }: Handle,
  facts: ElementFacts,
  about: Pick<Seen, "asks" | "screenshot"> & { sends: readonly (Pick<Sending, "method" | "url" | "body"> | Seen["sends"][number])[] },
  scrub: Scrub,
): Promise<Seen> {
  const fields = shownFields(facts.fields);
  const sends = about.sends.slice(0, MAX_SENDS).map((one) => ({
    method: one.method,
    to: withoutSecrets("url" in one ? one.url : one.to, facts.fields),
    body: withoutSecrets(one.body, facts.fields),
  }));
  const { asks } = about;
  const texts = [topFrame(tab).url, frame.url, facts.text, ...fields.flatMap(({ field, value }) => [field, value])];
  const clean = await allClean([...texts, ...sends.flatMap(({ to, body }) => [to, body]), ...asks], scrub);
  let at = 0;
  const next = (most: number): string => cut(clean[at++] ?? "", most);
  const [page, inner, text] = [next(MOST.page), next(MOST.page), next(MOST.written)];
  const written = text === "" || text === ref.label ? "" : ` (written on it: ${JSON.stringify(text)})`;
  return {
    page,
    ...(frame.url === topFrame(tab).url ? {} : { frame: inner }),
    element: `${ref.role} ${JSON.stringify(ref.label)}${written}`,
    fields: fields.map(() => ({ field: next(MOST.field), value: next(MOST.value) })),
    sends: sends.map(({ method }) => ({ method, to: next(MOST.to), body: next(MOST.body) })),
    asks: asks.map(() => next(MOST.ask)),
    screenshot: about.screenshot,
  };
}

/** What the agent is told of it. `again`: a part of it was sent just now. */
export function held({ id, seen }: Proposal, again = false): string {
  const host = id.slice(0, id.lastIndexOf("#"));
  const first = again
    ? `Not all of it was. Pressed once more, ${seen.element} would send the rest to ${host}, and the same as before again; if that is not done yet and needed`
    : `Nothing was sent. ${seen.element} would send to ${host}${seen.asks.length === 0 ? "" : " (the page asks first)"}; to do it`;
  return `${first}, call browser_submit with id ${JSON.stringify(id)}. The user is asked.`;
}

/** What is other than it was shown, in words; null: nothing. */
export function changed(before: Seen, now: Seen): string | null {
  if (before.page !== now.page || before.frame !== now.frame) return `the page is now ${now.page}`;
  if (before.element !== now.element) return `${before.element} is now ${now.element}`;
  if (whatFor(before) !== whatFor(now)) return "what it sends, what the page asks before or its picture is not what was shown";
  const was = new Map(before.fields.map(({ field, value }) => [field, value]));
  const is = new Map(now.fields.map(({ field, value }) => [field, value]));
  for (const field of new Set([...was.keys(), ...is.keys()]))
    if (was.get(field) !== is.get(field))
      return `${field} was ${JSON.stringify(was.get(field) ?? "")} and is now ${JSON.stringify(is.get(field) ?? "")}`;
  return null;
}

/** The rest of what a yes was for. The picture is of one question alone. */
const whatFor = ({ sends, asks, screenshot }: Seen): string =>
  JSON.stringify([sends.map(({ method, to, body }) => [method, to, body]), asks, screenshot]);

/** One line for a person. */
export function describeSeen({ element, page, fields, sends, asks }: Seen, id: string): string {
  const host = id.slice(0, id.lastIndexOf("#"));
  const values = fields.filter(({ field }) => !field.endsWith(" (hidden)")).map(({ field, value }) => `${field}: ${JSON.stringify(value)}`);
  const first = sends[0];
  return [
    `Press ${element} on ${page}, which sends to ${host}${first === undefined ? "" : ` (${first.method})`}`,
    ...(values.length === 0 ? [] : [`with ${values.join(", ")}`]),
    ...(asks.length === 0 ? [] : [`and answer yes to ${asks.map((text) => JSON.stringify(text)).join(", ")}`]),
  ].join(" ");
}
