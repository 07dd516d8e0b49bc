import type { MessagePage } from "../../agent/shapes.ts";
import type { ApprovalView } from "../../channels/approval-view.ts";
import type { MessageView, TurnEnd } from "../../channels/events.ts";
import type { FileRef } from "../../channels/message.ts";
import type { ClientFrame, ServerFrame } from "../../channels/socket-protocol.ts";
import { type ApprovalsState, loseAnswers, refuseAnswer, sendAnswer, takeApprovals } from "./approval-state.ts";
import { type LiveTurn, missingFrom, newTurn, takeEvent } from "./live-turn.ts";

export type Connection = "connecting" | "open" | "lost";

/** Something the user asked for that the server has not confirmed. Its `id` is the idempotency key, so sending it again is safe. */
export interface Pending {
  frame: Extract<ClientFrame, { type: "say" | "edit" | "regenerate" }>;
  /** UTC milliseconds. */
  at: number;
  /** Refused by the server; null while it waits. */
  error: string | null;
}

/** A turn that ended without a stored answer. */
export interface TurnFailure {
  turnId: string;
  status: TurnEnd["status"];
  message: string;
  code: string;
}

export interface ChatState extends ApprovalsState {
  connection: Connection;
  /** False until history was read once. */
  loaded: boolean;
  /** Every known message by growing `seq`, replaced ones too. */
  messages: MessageView[];
  /** Cursor of the page before the oldest known message; null: there is none. */
  nextBefore: number | null;
  pending: Pending[];
  turns: LiveTurn[];
  failures: TurnFailure[];
  /** The last error the server sent about no frame in particular. */
  error: string | null;
}

export type ChatAction =
  | { type: "connection"; connection: Connection }
  | { type: "page"; page: MessagePage; older: boolean }
  | { type: "say"; pending: Pending }
  | { type: "drop"; id: string }
  | { type: "retry"; id: string }
  | { type: "frames"; frames: ServerFrame[] }
  | { type: "approvals"; approvals: ApprovalView[] }
  | { type: "answer"; approvalId: string; key: string }
  | { type: "answer_refused"; key: string; message: string }
  /** What is known of history is not true any more. */
  | { type: "unread" }
  | { type: "clear_error" };

export const emptyChat: ChatState = {
  connection: "connecting",
  loaded: false,
  messages: [],
  nextBefore: null,
  pending: [],
  turns: [],
  failures: [],
  approvals: [],
  answers: [],
  error: null,
};

/** The whole logic of the conversation on the page: what is shown follows from these actions and nothing else. */
export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case "connection": {
      if (state.connection === action.connection) return state;
      // Only what went over an open connection is lost with it; other answers went over HTTP.
      const known = state.connection === "open" ? loseAnswers(state) : state;
      return { ...known, connection: action.connection };
    }
    case "page": {
      const messages = merge(state.messages, action.page.messages);
      const nextBefore = action.older || !state.loaded ? action.page.next_before : state.nextBefore;
      return settleTurns({ ...state, loaded: true, messages, nextBefore });
    }
    case "say":
      return { ...state, pending: [...state.pending, action.pending], failures: [], error: null };
    case "drop":
      return { ...state, pending: state.pending.filter((item) => item.frame.id !== action.id) };
    case "retry":
      return { ...state, pending: state.pending.map((item) => (item.frame.id === action.id ? { ...item, error: null } : item)) };
    case "frames":
      return action.frames.reduce(takeFrame, state);
    case "approvals":
      return takeApprovals(state, action.approvals);
    case "answer":
      return sendAnswer(state, action.approvalId, action.key);
    case "answer_refused":
      return refuseAnswer(state, action.key, action.message);
    case "unread":
      return { ...state, loaded: false, messages: [], nextBefore: null };
    case "clear_error":
      return { ...state, error: null };
  }
}

function takeFrame(state: ChatState, frame: ServerFrame): ChatState {
  switch (frame.type) {
    case "ready":
      // A turn that is no longer running ended while the connection was down: history tells how.
      return { ...state, connection: "open", turns: state.turns.filter((turn) => turn.id === frame.running) };
    case "accepted": {
      const pending = state.pending.filter((item) => item.frame.id !== frame.id);
      const messages = frame.message ? merge(state.messages, [frame.message]) : state.messages;
      return settleTurns({ ...state, pending, messages });
    }
    case "turn":
      return withTurn(state, frame.turn_id, (turn) => turn);
    case "event": {
      const next = withTurn(state, frame.turn_id, (turn) => takeEvent(turn, frame.seq, frame.event));
      return frame.event.type === "end" ? settleTurns(next) : next;
    }
    case "message":
      return settleTurns({ ...state, messages: merge(state.messages, [frame.message]) });
    case "approval":
      return takeApprovals(state, [frame.approval]);
    case "error": {
      if (frame.id === null) return { ...state, error: frame.error.message };
      if (state.answers.some((item) => item.key === frame.id)) return refuseAnswer(state, frame.id, frame.error.message);
      const known = state.pending.some((item) => item.frame.id === frame.id);
      if (!known) return { ...state, error: frame.error.message };
      return {
        ...state,
        pending: state.pending.map((item) => (item.frame.id === frame.id ? { ...item, error: frame.error.message } : item)),
      };
    }
    // Documents, tasks, plans and files are no part of the conversation: their own pages show them.
    case "document":
    case "task":
    case "plan":
    case "file":
    case "pong":
      return state;
  }
}

/** Adds messages, replacing those of the same id, ordered by `seq`. */
export function merge(known: MessageView[], more: MessageView[]): MessageView[] {
  if (more.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of more) byId.set(message.id, message);
  return [...byId.values()].toSorted((a, b) => a.seq - b.seq);
}

function withTurn(state: ChatState, id: string, change: (turn: LiveTurn) => LiveTurn): ChatState {
  if (state.turns.some((turn) => turn.id === id)) {
    return { ...state, turns: state.turns.map((turn) => (turn.id === id ? change(turn) : turn)) };
  }
  if (answered(state, id) || state.failures.some((failure) => failure.turnId === id)) return state;
  return { ...state, turns: [...state.turns, change(newTurn(id))] };
}

const answered = (state: ChatState, turnId: string): boolean =>
  state.messages.some((message) => message.role === "assistant" && message.turn_id === turnId && message.superseded_at === null);

/** Turns leave the live view for their stored answer as soon as it is there, or for a note of how they failed when they left none. */
function settleTurns(state: ChatState): ChatState {
  const gone = new Set<string>();
  const failures = [...state.failures];
  for (const { id, end } of state.turns) {
    if (answered(state, id) || state.messages.some((message) => message.id === end?.message_id)) gone.add(id);
    else if (end !== null && end.message_id === null) {
      gone.add(id);
      if (end.status === "done") continue;
      const error = end.error ?? { code: "cancelled", message: "Stopped." };
      failures.push({ turnId: id, status: end.status, message: error.message, code: error.code });
    }
  }
  if (gone.size === 0) return state;
  return { ...state, turns: state.turns.filter((turn) => !gone.has(turn.id)), failures };
}

/** What to send when a connection opens: the running turn from where it was seen last, then everything not confirmed, in order. */
export function framesOnReady(state: ChatState, ready: Extract<ServerFrame, { type: "ready" }>): ClientFrame[] {
  const frames: ClientFrame[] = [];
  if (ready.running !== null) {
    const seen = state.turns.find((turn) => turn.id === ready.running);
    frames.push({ type: "resume", turn_id: ready.running, from: seen?.next ?? 0 });
  }
  for (const item of state.pending) if (item.error === null) frames.push(item.frame);
  return frames;
}

/** What to ask for when events are missing in the middle of a turn; at most once for each gap (`asked` remembers them). */
export function framesForGaps(state: ChatState, asked: Set<string>): ClientFrame[] {
  const frames: ClientFrame[] = [];
  for (const turn of state.turns) {
    const from = missingFrom(turn);
    if (from === null || asked.has(`${turn.id}:${from}`)) continue;
    asked.add(`${turn.id}:${from}`);
    frames.push({ type: "resume", turn_id: turn.id, from });
  }
  return frames;
}

/** The files of a pending message. */
export const filesOf = (pending: Pending): FileRef[] => (pending.frame.type === "say" ? (pending.frame.files ?? []) : []);

/** Whether something runs that can be stopped: an answer, or what was approved in the conversation. */
export const isBusy = ({ turns, approvals, messages }: ChatState): boolean =>
  turns.some((turn) => turn.end === null) ||
  approvals.some(
    ({ state, turn_id: turnId }) => state === "executing" && turnId !== null && messages.some((message) => message.turn_id === turnId),
  );
