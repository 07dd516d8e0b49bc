import { shorten } from "../agent/context.ts";
import type { ContentItem } from "../channels/message.ts";
import { looksLikeOrders } from "../permission/injection.ts";
import type { Provenance } from "../permission/provenance.ts";
import { UserWord } from "../permission/user-word.ts";
import { MargayError } from "../errors.ts";
import { MAX_TASK_INPUT } from "../tasks/shapes.ts";
import { fillText, fillValue, filledLength, referencesOf, textsOf } from "./references.ts";
import type { StoredPlan, StoredStep } from "./stored-plan.ts";

/** Characters of a result that the next steps are given. */
export const MAX_RESULT = 20_000;
/** Characters that all results together add to one step. */
const MAX_FED = 100_000;
/** Characters of a tool's texts once the results stand in them. */
export const MAX_FILLED = 200_000;
/** Above so many a call is not judged before it is made. */
const MAX_JUDGED = 50_000;
/** Fetches of addresses that only pages gave, in one plan at most. */
const MAX_GIVEN = 20;

/** What stands behind a name. */
export interface Feed {
  /** What a text calls it, such as `the result of find_flights`. */
  label: string;
  text: string;
  tainted: boolean;
  /** Addresses that it gave. */
  links: readonly string[];
}

export type Feeds = ReadonlyMap<string, Feed>;

/** What is known by name at this moment: what the plan was begun with, and the results of its steps. */
export function feedsOf(plan: StoredPlan, steps: readonly StoredStep[], linksOf: (step: StoredStep) => readonly string[]): Feeds {
  return new Map([
    ...Object.entries(plan.data).map(([name, { text, tainted }]): [string, Feed] => [
      name,
      { label: `the ${name}`, text, tainted, links: [] },
    ]),
    ...steps.flatMap((step): [string, Feed][] =>
      step.status === "done"
        ? [[step.name, { label: `the result of ${step.name}`, text: step.result, tainted: step.tainted, links: linksOf(step) }]]
        : [],
    ),
  ]);
}

const feedsIn = (step: StoredStep, feeds: Feeds): [string, Feed][] =>
  referencesOf(step.work).flatMap((name): [string, Feed][] => {
    const feed = feeds.get(name);
    return feed === undefined ? [] : [[name, feed]];
  });

/** Whether a step is the user's own words: they wrote it, nobody else had a hand in it, and nothing is put into it. */
export const isWord = (plan: Pick<StoredPlan, "tainted">, step: StoredStep): boolean =>
  step.author === "user" && !plan.tainted && referencesOf(step.work).length === 0;

/** Whether what a step is given, or was written from, holds content that nobody vouches for. */
export const isTainted = (plan: Pick<StoredPlan, "tainted">, step: StoredStep, feeds: Feeds): boolean =>
  plan.tainted || feedsIn(step, feeds).some(([, { tainted }]) => tainted);

/** What an agent is told: the text with a mention in the place of each name, and what stands behind the names beside it, as data. */
export function agentInput(step: StoredStep, feeds: Feeds): { input: string; content: ContentItem[] } {
  const { work } = step;
  const fed = feedsIn(step, feeds);
  const share = Math.floor(MAX_FED / Math.max(1, fed.length));
  const input = work.kind === "agent" ? fillText(work.input, (name) => mention(feeds.get(name))) : "";
  if (input.length > MAX_TASK_INPUT) throw tooLong(step.name, MAX_TASK_INPUT);
  return {
    input,
    content: fed.map(([, { label, text }]) => ({ kind: "context", origin: label, text: shorten(text, share) })),
  };
}

const tooLong = (name: string, most: number): MargayError =>
  new MargayError(
    "invalid_request",
    `With everything that it names put in, step ${name} would be longer than ${most.toLocaleString("en-US")} characters. Let it name less.`,
  );

const mention = (feed: Feed | undefined): string | undefined => (feed === undefined ? undefined : `(${feed.label}, below)`);

/** What a tool is called with, and the marks that the call is judged by. */
export interface ToolInput {
  input: unknown;
  tainted: boolean;
  suspicious: boolean;
  provenance: Provenance;
}

/** What the user typed, and addresses that pages gave, where the plan was made. */
export interface SaidThere {
  words: readonly string[];
  given: readonly string[];
  known: readonly string[];
}

/** Whether so much would be put into a call that it is not put together only to be looked at. */
export const isBig = (step: StoredStep, feeds: Feeds): boolean => filledChars(step, feeds) > MAX_JUDGED;

const textIn =
  (feeds: Feeds) =>
  (name: string): string | undefined =>
    feeds.get(name)?.text;

const filledChars = ({ work }: StoredStep, feeds: Feeds): number =>
  referencesOf(work).length === 0 ? 0 : filledLength(textsOf(work), textIn(feeds));

/** Throws where all that is put in is too long. */
export function toolInput(plan: StoredPlan, step: StoredStep, feeds: Feeds, said: SaidThere): ToolInput {
  const fed = feedsIn(step, feeds);
  if (filledChars(step, feeds) > MAX_FILLED) throw tooLong(step.name, MAX_FILLED);
  const input = step.work.kind === "tool" ? fillValue(step.work.input, textIn(feeds)) : {};
  const tainted = isTainted(plan, step, feeds);
  const own = isWord(plan, step) ? textsOf(step.work) : [];
  const given = plan.usedGiven < MAX_GIVEN ? [...said.given, ...fed.flatMap(([, { links }]) => links)] : [];
  return {
    input,
    tainted,
    suspicious: tainted && looksLikeOrders(JSON.stringify(input)),
    provenance: { word: new UserWord([...said.words, ...own], said.known), given: new Set(given), usedGiven: plan.usedGiven },
  };
}

/** A result as it is kept and given on: its beginning, with a note where it was longer. */
export const capped = (text: string): string =>
  text.length <= MAX_RESULT ? text : `${text.slice(0, MAX_RESULT).toWellFormed()}\n[… ${text.length - MAX_RESULT} characters more]`;
