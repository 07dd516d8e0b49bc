import { stamp } from "../agent/prompt.ts";
import { oneLine } from "./incoming.ts";

/** One event of a batch. */
interface BatchEvent {
  at: number;
  title: string;
  content: string;
}

/** Characters of a whole batch that the agent reads, and lines about those that do not fit in full. */
const MAX_BATCH = 40_000;
const MAX_LINES = 100;
/** Lines of a batch that is told without a model. */
const MAX_TOLD = 10;

/** What came, as the agent reads it: as many as fit in full, the rest by a line each, and how many there are. */
export function batchContent(events: readonly BatchEvent[], timeZone: string): string {
  const parts: string[] = [events.length === 1 ? "1 event" : `${events.length} events, the oldest first`];
  const lines: string[] = [];
  let left = MAX_BATCH;
  for (const [index, { at, title, content }] of events.entries()) {
    const head = `${index + 1}. ${stamp(at, timeZone).slice(0, 25)} ${oneLine(title)}`;
    if (content !== "" && content.length + head.length <= left) {
      parts.push(`${head}\n${content}`);
      left -= content.length + head.length;
    } else lines.push(head);
  }
  if (lines.length > 0) parts.push(["These by their titles only:", ...lines.slice(0, MAX_LINES)].join("\n"));
  if (lines.length > MAX_LINES) parts.push(`and ${lines.length - MAX_LINES} more`);
  return parts.join("\n\n");
}

/** What the user is told without a model: their own words, and what came, quoted. */
export function batchTold(text: string, events: readonly BatchEvent[]): string {
  const lines = events.slice(0, MAX_TOLD).map(({ title, content }) => {
    const link = /^(?:link|address): (https?:\/\/\S{1,1000})$/mu.exec(content.slice(0, 4_000))?.[1];
    return `> ${oneLine(title)}${link === undefined ? "" : ` ${link}`}`;
  });
  const more = events.length - lines.length;
  return [text, "", lines.join("\n>\n"), ...(more > 0 ? ["", `and ${more} more`] : [])].join("\n");
}
