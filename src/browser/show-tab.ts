import { MargayError } from "../errors.ts";
import type { BrowserCall, Happened, Shown } from "./browser-call.ts";
import { z } from "zod";
import { type Cdp, CdpRefusal } from "./cdp.ts";
import { allClean, cut } from "./cut.ts";
import type { NetworkGuard } from "./network-guard.ts";
import { newsText, originOf } from "./news-text.ts";
import type { Proposal } from "./proposal.ts";
import { linesWith, partOf, readTab } from "./read-tab.ts";
import type { Refs } from "./refs.ts";
import { type Tab, type Tabs, topFrame } from "./tabs.ts";

/** Which part of a page is read: from a character on, or what holds some words. */
export interface Part {
  from?: number | undefined;
  find?: string | undefined;
}

/** What happened and what a tab shows now, for the agent. `notes` are ours, and come first. */
export async function showTab(
  { cdp, refs, tabs, guard }: { cdp: Cdp; refs: Refs; tabs: Tabs; guard: NetworkGuard },
  call: BrowserCall,
  tab: Tab,
  { happened, notes = [], proposal = null }: { happened: Happened; notes?: readonly string[]; proposal?: Proposal | null },
  { from = 0, find }: Part = {},
): Promise<Omit<Shown, "chose">> {
  const news = await newsText(call, happened, proposal);
  if (!tabs.all().includes(tab))
    return { text: [...notes, ...news, "The tab was closed by its page."].join("\n"), origin: "web page", links: [], proposal, sent: [] };
  const { url, title, lines, links } = await readTab(cdp, refs, tab, call.scrub);
  const ids = tabs.all().map(({ id }) => id);
  const others = ids.length > 1 ? ` (of ${ids.join(", ")})` : "";
  // Whole: a part could begin in the middle of a secret.
  const text = await call.scrub(lines.join("\n"));
  const body = find === undefined ? partOf(text === "" ? "[Nothing to read.]" : text, from) : linesWith(text.split("\n"), find);
  const [at = "", named = ""] = await allClean([url, title], call.scrub);
  const status = await statusOf(refs, tab);
  const head = `Tab ${tab.id}${others}: ${cut(at, 500)}${status === null ? "" : `\nStatus: ${status}`}${named === "" ? "" : `\nTitle: ${cut(named, 200)}`}`;
  return {
    text: [...notes, ...news, head, "", body].join("\n"),
    origin: originOf(url),
    // What was typed would come back as an address that a page gave, and be told to whom it leads.
    links: tab.pinned === null ? links.filter((link) => !guard.holdsTyped(link)) : [],
    proposal,
    sent: [],
    ...(status === null ? {} : { status }),
  };
}

/** Only what says that a page is not what was asked for; null: it is, or nobody knows. */
async function statusOf(refs: Refs, tab: Tab): Promise<number | null> {
  const source = "performance.getEntriesByType('navigation')[0]?.responseStatus ?? 0";
  try {
    const status = await refs.evaluate(topFrame(tab), source, z.number());
    return status >= 400 ? status : null;
  } catch (error) {
    // It went meanwhile.
    if (error instanceof CdpRefusal || error instanceof MargayError) return null;
    throw error;
  }
}
