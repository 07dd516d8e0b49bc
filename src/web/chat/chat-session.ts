import type { MessagePage } from "../../agent/shapes.ts";
import type { ApprovalAnswer, ApprovalView } from "../../channels/approval-view.ts";
import type { FileRef } from "../../channels/message.ts";
import type { ClientFrame, ServerFrame } from "../../channels/socket-protocol.ts";
import type { DocumentView } from "../../knowledge/shapes.ts";
import type { ExecutionPlan } from "../../plans/shapes.ts";
import type { TaskView } from "../../tasks/shapes.ts";
import type { FileView } from "../../workspace/shapes.ts";
import { sayError } from "../api/api-error.ts";
import { isOver, isWaiting } from "./approval-state.ts";
import { ChatSocket, type SocketHandlers, type SocketLike } from "./chat-socket.ts";
import { type ChatAction, type ChatState, type Pending, chatReducer, emptyChat, framesForGaps, framesOnReady } from "./chat-state.ts";

export interface PageQuery {
  before?: number;
  limit: number;
}

export interface ChatSessionDeps {
  openSocket(handlers: SocketHandlers): SocketLike;
  fetchPage(query: PageQuery): Promise<MessagePage>;
  /** The approvals that wait for an answer. */
  fetchOpen(): Promise<ApprovalView[]>;
  fetchApproval(id: string): Promise<ApprovalView>;
  postAnswer(id: string, answer: ApprovalAnswer, note: string): Promise<ApprovalView>;
  newId(): string;
  /** UTC milliseconds. */
  now(): number;
  random(): number;
  timeZone(): string;
  setTimer(work: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Keeps what is not confirmed yet over a reload. */
  keep(pending: Pending[]): void;
  restore(): Pending[];
  /** The connection could not be opened; the sign-in may be over. */
  onRefused(): void;
  /** A turn ended: lists elsewhere on the page may have changed. */
  onTurnEnd(): void;
  /** An approval was asked or has changed. */
  onApproval(): void;
  /** A document is new, was read further, or has changed. */
  onDocument(document: DocumentView): void;
  /** A task in the background is new, went further, or ended. */
  onTask(task: TaskView): void;
  /** A plan is new, was decided about, went further, or ended. */
  onPlan(plan: ExecutionPlan): void;
  /** Files of the user's are new, were changed, moved or deleted. */
  onFiles(files: FileView[]): void;
}

/** Frames are handed to the view at most this often, in milliseconds: a fast model sends hundreds a second. */
const FRAME_PACE = 40;
const PAGE_SIZE = 50;
/** How many pages a jump to a found message may load. */
const JUMP_PAGES = 20;

/** One person's conversation: the connection, what is known of it, and what can be done. Knows nothing of React. */
export class ChatSession {
  #deps: ChatSessionDeps;
  #state: ChatState;
  #listeners = new Set<() => void>();
  #socket: ChatSocket;
  #waiting: ServerFrame[] = [];
  #flush: unknown = null;
  #asked = new Set<string>();
  #older: Promise<void> | null = null;

  constructor(deps: ChatSessionDeps) {
    this.#deps = deps;
    this.#state = { ...emptyChat, pending: deps.restore() };
    this.#socket = new ChatSocket({
      open: (handlers) => deps.openSocket(handlers),
      onFrame: (frame) => this.#receive(frame),
      onConnection: (connection) => this.#dispatch({ type: "connection", connection }),
      onRefused: () => deps.onRefused(),
      random: () => deps.random(),
      setTimer: (work, ms) => deps.setTimer(work, ms),
      clearTimer: (timer) => deps.clearTimer(timer),
    });
  }

  readonly getState = (): ChatState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#socket.connect();
  }

  stop(): void {
    this.#deps.clearTimer(this.#flush);
    this.#flush = null;
    this.#socket.stop();
  }

  /** The network came back, or the page is looked at again. */
  hurry(): void {
    this.#socket.hurry();
  }

  say(text: string, files: FileRef[] = []): void {
    const frame: ClientFrame = { type: "say", id: this.#deps.newId(), text, time_zone: this.#deps.timeZone() };
    if (files.length > 0) frame.files = files;
    this.#submit(frame);
  }

  edit(messageId: string, text: string): void {
    this.#submit({ type: "edit", id: this.#deps.newId(), message_id: messageId, text });
  }

  regenerate(messageId: string): void {
    this.#submit({ type: "regenerate", id: this.#deps.newId(), message_id: messageId });
  }

  /** Stops the running turn. */
  cancel(): void {
    this.#socket.send({ type: "cancel" });
  }

  /** Sends a refused message once more, as it was. */
  retry(id: string): void {
    this.#dispatch({ type: "retry", id });
    const again = this.#state.pending.find((item) => item.frame.id === id);
    if (again) this.#socket.send(again.frame);
  }

  drop(id: string): void {
    this.#dispatch({ type: "drop", id });
  }

  /** Answers an approval, over whatever way there is. While one answer is under way another is not sent. */
  answer(approvalId: string, answer: ApprovalAnswer, note = ""): void {
    if (this.#state.answers.some((item) => item.approvalId === approvalId && item.status === "sent")) return;
    if (!this.#state.approvals.some((approval) => approval.id === approvalId && isWaiting(approval))) return;
    const key = this.#deps.newId();
    this.#dispatch({ type: "answer", approvalId, key });
    const frame: ClientFrame = { type: "answer", id: key, approval_id: approvalId, answer };
    if (note !== "") frame.note = note;
    if (this.#state.connection === "open" && this.#socket.send(frame)) return;
    this.#deps.postAnswer(approvalId, answer, note).then(
      (approval) => this.takeApprovals([approval]),
      (error: unknown) => this.#dispatch({ type: "answer_refused", key, message: sayError(error) }),
    );
  }

  /** Takes approvals that were read elsewhere on the page. */
  takeApprovals(approvals: ApprovalView[]): void {
    this.#dispatch({ type: "approvals", approvals });
  }

  clearError(): void {
    this.#dispatch({ type: "clear_error" });
  }

  /** Loads the page before the oldest message shown. Rejects with an ApiError. */
  loadOlder(limit = PAGE_SIZE): Promise<void> {
    const before = this.#state.nextBefore;
    if (before === null) return Promise.resolve();
    this.#older ??= this.#deps
      .fetchPage({ before, limit })
      .then((page) => this.#dispatch({ type: "page", page, older: true }))
      .finally(() => {
        this.#older = null;
      });
    return this.#older;
  }

  /** Loads history until a message is shown; false when it is not there, or too far back. */
  async loadUntil(id: string): Promise<boolean> {
    if (!this.#state.loaded) await this.refresh();
    for (let page = 0; page < JUMP_PAGES; page += 1) {
      if (this.#state.messages.some((message) => message.id === id)) return true;
      if (this.#state.nextBefore === null) return false;
      // Each page starts where the one before it ended.
      // eslint-disable-next-line no-await-in-loop
      await this.loadOlder(200);
    }
    return false;
  }

  /** Reads the newest page: at the start, and for what was missed while the connection was down. Rejects with an ApiError. */
  async refresh(): Promise<void> {
    this.#dispatch({ type: "page", page: await this.#deps.fetchPage({ limit: PAGE_SIZE }), older: false });
  }

  /** Reads history anew: words were taken out of it. Rejects with an ApiError. */
  reload(): Promise<void> {
    this.#dispatch({ type: "unread" });
    return this.refresh();
  }

  /** Frames tell changes only: what waits or runs already, and what happened while the connection was down, is asked for. Rejects with an ApiError. */
  async #refreshApprovals(): Promise<void> {
    const open = await this.#deps.fetchOpen();
    const there = new Set(open.map(({ id }) => id));
    const gone = this.#state.approvals.filter((approval) => !isOver(approval) && !there.has(approval.id));
    const ended = await Promise.all(gone.map(({ id }) => this.#deps.fetchApproval(id)));
    this.takeApprovals([...open, ...ended]);
    if (ended.length > 0) this.#deps.onApproval();
  }

  #submit(frame: Pending["frame"]): void {
    this.#dispatch({ type: "say", pending: { frame, at: this.#deps.now(), error: null } });
    // Before `ready` the frame only waits: it is sent with everything else that is not confirmed.
    if (this.#state.connection === "open") this.#socket.send(frame);
    else this.#socket.hurry();
  }

  #receive(frame: ServerFrame): void {
    this.#waiting.push(frame);
    if (frame.type === "ready") {
      this.#flushNow();
      for (const answer of framesOnReady(this.#state, frame)) this.#socket.send(answer);
      this.refresh().catch(() => {
        // The connection stands but history cannot be read: the view offers to try again while nothing is loaded.
      });
      this.#refreshApprovals().catch(() => {
        // The list of approvals reads them by itself, and says when it cannot.
      });
      return;
    }
    this.#flush ??= this.#deps.setTimer(() => this.#flushNow(), FRAME_PACE);
  }

  #flushNow(): void {
    this.#deps.clearTimer(this.#flush);
    this.#flush = null;
    const frames = this.#waiting;
    this.#waiting = [];
    if (frames.length === 0) return;
    this.#dispatch({ type: "frames", frames });
    for (const answer of framesForGaps(this.#state, this.#asked)) this.#socket.send(answer);
    if (frames.some((frame) => (frame.type === "event" && frame.event.type === "end") || frame.type === "message")) this.#deps.onTurnEnd();
    // What one prints while it runs changes nothing else.
    if (frames.some((frame) => frame.type === "approval" && frame.approval.progress === undefined)) this.#deps.onApproval();
    for (const frame of frames) if (frame.type === "document") this.#deps.onDocument(frame.document);
    // Of each only how it stands now: a task that goes on tells of itself again and again.
    const tasks = new Map(frames.flatMap((frame) => (frame.type === "task" ? [[frame.task.id, frame.task] as const] : [])));
    for (const task of tasks.values()) this.#deps.onTask(task);
    const plans = new Map(frames.flatMap((frame) => (frame.type === "plan" ? [[frame.plan.id, frame.plan] as const] : [])));
    for (const plan of plans.values()) this.#deps.onPlan(plan);
    const files = new Map(frames.flatMap((frame) => (frame.type === "file" ? [[frame.file.id, frame.file] as const] : [])));
    if (files.size > 0) this.#deps.onFiles([...files.values()]);
    // History has what these frames do not tell: a message accepted without its text, which queued messages a new turn answers, and what a
    // turn answers that the agent began by itself, such as when it goes on after an approval.
    const untold = frames.some((frame) => frame.type === "accepted" && frame.message === null);
    const begun = frames.flatMap((frame) => (frame.type === "turn" ? [frame.turn_id] : []));
    const joined = begun.length > 0 && this.#state.messages.some((message) => message.status === "queued");
    const asks = new Set(this.#state.messages.flatMap(({ role, turn_id: turnId }) => (role === "assistant" ? [] : [turnId])));
    const unasked = this.#state.pending.length === 0 && begun.some((id) => !asks.has(id));
    if (untold || joined || unasked) this.refresh().catch(() => {});
  }

  #dispatch(action: ChatAction): void {
    const next = chatReducer(this.#state, action);
    if (next === this.#state) return;
    const changed = next.pending !== this.#state.pending;
    this.#state = next;
    if (changed) this.#deps.keep(next.pending);
    for (const listener of this.#listeners) listener();
  }
}
