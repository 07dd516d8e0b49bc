import type { ApprovalView } from "../../channels/approval-view.ts";
import type { MessageView } from "../../channels/events.ts";
import { isOver } from "./approval-state.ts";
import type { ChatState, Pending, TurnFailure } from "./chat-state.ts";
import type { LiveTurn } from "./live-turn.ts";

/** One row of the conversation as it is drawn. */
export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "epoch"; key: string; words: string }
  | { kind: "message"; key: string; message: MessageView; queued: boolean }
  | { kind: "live"; key: string; turn: LiveTurn }
  | { kind: "approval"; key: string; approval: ApprovalView }
  | { kind: "failure"; key: string; failure: TurnFailure }
  | { kind: "pending"; key: string; pending: Pending };

/**
 * Orders a conversation for reading: an answer stands after the messages it answers, even if others were sent meanwhile; the
 * running turn stands before what is still queued; days and new conversations are marked. Replaced messages are left out. What is asked
 * stands after the turn that asks, or at the end, while it waits or runs, when that is not in view.
 */
export function timeline(state: ChatState, dayOf: (at: number) => string): Row[] {
  const visible = cutReplaced(arrange(state.messages.filter((message) => message.superseded_at === null)), state.pending);
  const isQueued = queuedTest(visible, state.turns);
  const rows: Row[] = [];
  let day = "";
  /** Conversations, in the order of their beginnings. */
  const begun: string[] = [];
  let conversation: string | null = null;
  const mark = (at: number) => {
    const name = dayOf(at);
    if (name === day) return;
    day = name;
    rows.push({ kind: "day", key: `day-${name}-${rows.length}`, at });
  };
  const show = (message: MessageView) => {
    const known = begun.includes(message.conversation_id);
    if (!known) begun.push(message.conversation_id);
    // What was asked in an earlier one and is answered now goes on there.
    const words = !known ? "New conversation" : message.conversation_id === begun.at(-1) ? "Newest conversation" : "Earlier conversation";
    if (conversation !== null && conversation !== message.conversation_id) rows.push({ kind: "epoch", key: `epoch-${message.id}`, words });
    conversation = message.conversation_id;
    mark(message.created_at);
    rows.push({ kind: "message", key: message.id, message, queued: isQueued(message) });
  };
  const shown = visible.filter((message) => !isQueued(message));
  const lastOf = new Map(shown.flatMap(({ turn_id: turnId, id }) => (turnId === null ? [] : [[turnId, id] as const])));
  const placed = new Set<string>();
  const showAsked = (turnId: string) => {
    for (const approval of state.approvals)
      if (approval.turn_id === turnId) {
        placed.add(approval.id);
        rows.push({ kind: "approval", key: `approval-${approval.id}`, approval });
      }
  };
  for (const message of shown) {
    show(message);
    // A turn that runs is drawn below, and so is what it asks.
    const turnId = message.turn_id;
    if (turnId !== null && lastOf.get(turnId) === message.id && !state.turns.some((turn) => turn.id === turnId)) showAsked(turnId);
  }
  for (const turn of state.turns) {
    rows.push({ kind: "live", key: turn.id, turn });
    showAsked(turn.id);
  }
  for (const failure of state.failures)
    if (!explained(visible, failure)) rows.push({ kind: "failure", key: `failed-${failure.turnId}`, failure });
  for (const message of visible) if (isQueued(message)) show(message);
  for (const approval of state.approvals)
    if (!isOver(approval) && !placed.has(approval.id)) rows.push({ kind: "approval", key: `approval-${approval.id}`, approval });
  for (const pending of state.pending) {
    if (pending.frame.type === "regenerate" && pending.error === null) continue;
    mark(pending.at);
    rows.push({ kind: "pending", key: pending.frame.id, pending });
  }
  return rows;
}

/**
 * Which messages still wait. A turn, running or answered, whose question is not known took what waited before it; the server says which
 * messages those were a moment later, and until then none of them must stand behind its answer.
 */
function queuedTest(messages: MessageView[], turns: LiveTurn[]): (message: MessageView) => boolean {
  const asked = new Set(messages.flatMap((message) => (message.role === "user" && message.turn_id !== null ? [message.turn_id] : [])));
  const takenBefore = turns.some((turn) => !asked.has(turn.id))
    ? Number.POSITIVE_INFINITY
    : Math.max(
        0,
        ...messages
          .filter(({ role, turn_id: turnId }) => role === "assistant" && turnId !== null && !asked.has(turnId))
          .map(({ seq }) => seq),
      );
  return (message) => message.status === "queued" && message.seq > takenBefore;
}

/** Answers follow the last message of the user that their turn answers. */
export function arrange(messages: MessageView[]): MessageView[] {
  const asked = new Map<string, number>();
  for (const message of messages) if (message.role === "user" && message.turn_id !== null) asked.set(message.turn_id, message.seq);
  const place = (message: MessageView): number =>
    message.role === "user" || message.turn_id === null ? message.seq : (asked.get(message.turn_id) ?? message.seq);
  return messages.toSorted((a, b) => place(a) - place(b) || a.seq - b.seq);
}

/** While an edit or another answer is on its way, what it will replace is not shown any more. */
function cutReplaced(messages: MessageView[], pending: Pending[]): MessageView[] {
  for (const { frame, error } of pending) {
    if (frame.type === "say" || error !== null) continue;
    const at = messages.findIndex((message) => message.id === frame.message_id);
    const replaced = messages[at];
    if (replaced === undefined) continue;
    // Another answer keeps the question, whichever of the two was named.
    return messages.slice(0, frame.type === "regenerate" && replaced.role === "user" ? at + 1 : at);
  }
  return messages;
}

const explained = (messages: MessageView[], failure: TurnFailure): boolean =>
  messages.some((message) => message.turn_id === failure.turnId && (message.error !== null || message.role === "assistant"));
