import { originOf } from "../../agent/origin-of.ts";
import type { ReplyTarget } from "../../channels/message.ts";
import type { InboxStore } from "../../db/object/inbox.ts";
import type { MessageStore } from "../../db/object/messages.ts";
import type { ScheduleStore } from "../../db/object/schedules.ts";
import { MargayError } from "../../errors.ts";
import { readPlaybookCall } from "../../plans/playbook-words.ts";
import type { BuiltInSchedules } from "../../schedule/built-in-schedules.ts";
import { MAX_SCHEDULE_TEXT, type ScheduleAction } from "../../schedule/shapes.ts";
import type { ScheduleBy, Schedules } from "../../schedule/schedules.ts";
import { MAX_MIXED, splitWhen } from "../../schedule/split-when.ts";
import type { Said, SchedulePort, Wanted } from "./schedule-port.ts";

export interface ScheduledDeps {
  schedules: Schedules;
  store: ScheduleStore;
  builtIn: BuiltInSchedules;
  inbox: InboxStore;
  messages: MessageStore;
  timeZone(): string;
}

/** Schedules for tools: what a command makes is the user's own, what a model writes is the agent's. */
export function scheduled({ schedules, store, builtIn, inbox, messages, timeZone }: ScheduledDeps): SchedulePort {
  const by = ({ key, saidAt, tainted }: Said): ScheduleBy => {
    const turnId = turnOf(key);
    // What answers itself, as a command does, has its message for a turn.
    const typed = inbox.get(turnId)?.turnId === turnId;
    return { author: typed ? "user" : "agent", channel: originOf(turnId, inbox, messages).channel, saidAt, tainted };
  };
  return {
    current: () => store.list({ state: "current", limit: 400 }),
    find: (reference) => schedules.find(reference),
    add(wanted, said) {
      const known = store.ofCall(said.key);
      if (known !== null) return known;
      const { saidAt } = said;
      const { when, what } = wanted.what === null ? splitWhen(wanted.when, { saidAt, timeZone: timeZone() }) : wanted;
      if (when.length > MAX_MIXED)
        throw new MargayError("invalid_request", "That is too long to find the time in. Put it first, on a line of its own.", {
          ask: true,
        });
      return schedules.add(
        {
          when,
          action: what === null ? (rest) => actionOf(wanted, rest) : actionOf(wanted, what),
          missed: "once",
          time_zone: null,
          reply_to: placeOf(originOf(turnOf(said.key), inbox, messages).replyTo),
          key: said.key,
        },
        by(said),
      );
    },
    change: (id, patch, said) => schedules.update(id, patch, by(said)),
    delete: (id, said) => schedules.delete(id, by(said)),
    run(id, said) {
      const who = by(said);
      // The same call again is the same run.
      if (who.author === "agent" && inbox.find("schedule", `${id}:${said.key}`) === null) {
        if (who.channel === "agent")
          throw new MargayError("conflict", "Nobody is here who asked for that: a schedule is run by hand only while the user is.");
        schedules.checkAsked(id);
      }
      return schedules.run(id, who, said.key);
    },
    builtIns: () => builtIn.list(),
    builtIn: (words) => builtIn.find(words),
    setBuiltIn: (name, change, said) => builtIn.set(name, change, by(said)),
    live: (id) => store.get(id),
    restore: (before, said) => schedules.restore(before, by(said)),
  };
}

/** The id of a call begins with its turn's. */
const turnOf = (key: string): string => key.split(":")[0] ?? "";

/** The private chat that it was made in. Everything else is read where the user reads what nobody asked for. */
const placeOf = (target: ReplyTarget): ReplyTarget | null => {
  if (target.channel !== "telegram") return null;
  const { messageId: _, ...chat } = target;
  return chat;
};

function actionOf({ kind }: Wanted, words: string): ScheduleAction {
  if (words === "")
    throw new MargayError("invalid_request", kind === "text" ? "Of what shall I remind you?" : "What shall I do then?", { ask: true });
  if (words.length > MAX_SCHEDULE_TEXT)
    throw new MargayError("invalid_request", `That is too long: at most ${MAX_SCHEDULE_TEXT.toLocaleString("en-US")} characters.`);
  if (kind === "playbook") return playbookAction(words);
  return kind === "text" ? { kind, text: words } : { kind, prompt: words, tier: null };
}

/** A playbook to be run, as it is written: its name, then its variables. */
export function playbookAction(words: string): Extract<ScheduleAction, { kind: "playbook" }> {
  const { name, variables } = readPlaybookCall(words);
  return { kind: "playbook", playbook: name, variables };
}
