import type { MessageStore } from "../db/object/messages.ts";
import { messageOf } from "./archive.ts";
import { dayOf } from "./day-of.ts";
import type { SearchHit } from "./search.ts";
import type { RecallHit } from "./shapes.ts";

export interface ExchangeDeps {
  messages: Pick<MessageStore, "archived" | "ofTurn">;
  /** The turn that runs now: what it was asked is no answer to it. */
  runningTurn(): string | null;
  timeZone(): string;
}

/** Characters of one side of an exchange that are shown. */
const SIDE = 400;

/** What was said, as it is found: with the question goes its answer, and the day of both. */
export class Exchange {
  constructor(private readonly deps: ExchangeDeps) {}

  /** Both sides of what a hit of the archive belongs to; null: it is not there any more. All hits of one exchange have one id. */
  place(hit: SearchHit): Pick<RecallHit, "id" | "text" | "from" | "tainted"> | null {
    const { messages, timeZone } = this.deps;
    const [said] = messages.archived([messageOf(hit.id)]);
    if (said === undefined || (said.turnId !== null && said.turnId === this.deps.runningTurn())) return null;
    const turn = said.turnId === null ? [said] : messages.archived(messages.ofTurn(said.turnId).map(({ id }) => id));
    const sides = turn.filter(({ role, text }) => role !== "notice" && text.trim() !== "");
    const lines = sides.map(
      ({ id, role, text }) => `${role === "user" ? "User" : "You"}: ${excerpt(text, id === said.id ? hit.text : null)}`,
    );
    return {
      id: sides.find(({ role }) => role === "user")?.id ?? said.id,
      text: lines.join("\n"),
      from: `conversation, ${dayOf(said.createdAt, timeZone())}`,
      tainted: turn.some(({ tainted }) => tainted),
    };
  }
}

/** The piece of a long message that was found, or else its beginning. */
function excerpt(text: string, piece: string | null): string {
  const plain = (text.length > SIDE && piece !== null ? piece : text).replaceAll(/\s+/gu, " ").trim();
  return plain.length > SIDE ? `${plain.slice(0, SIDE)}…` : plain;
}
