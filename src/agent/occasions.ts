import { type ContentItem, ReplyTarget } from "../channels/message.ts";
import type { Tier } from "../models/provider.ts";
import type { AgentDeps } from "./deps.ts";
import { needsDelivery } from "./needs-delivery.ts";
import { OCCASION_ROUTES, type OccasionRoute } from "./occasion-routes.ts";

export type { OccasionRoute } from "./occasion-routes.ts";

/** More than this waits nowhere; what the user sends has room of its own. */
export const MAX_OCCASIONS_QUEUED = 100;
/** Turns that may begin by themselves within a day: a chain that feeds itself ends here. */
export const MAX_OCCASIONS_A_DAY = 200;
const DAY_MS = 86_400_000;
/** What waits is answered one by one: how soon there may be room nobody knows. */
const QUEUED_AGAIN_MS = 60_000;

/** Something that begins by itself, with nobody there who waits for it. */
export interface Occasion {
  route: OccasionRoute;
  /** Unique within the route: the same again does nothing, however often it is tried. */
  key: string;
  /** What the agent is told. */
  text: string;
  /** Whether the user typed `text` themself: then it is their word, as if they said it now; otherwise it is a notice of ours. */
  word: boolean;
  /** What came along and is nobody's word. */
  content: readonly ContentItem[];
  /** Whether `text` itself rests on content that nobody vouches for. */
  tainted: boolean;
  replyTo: ReplyTarget;
  tier: Tier | null;
  /** The turn that the user began and that this goes on with; null: it begins one. */
  taskId: string | null;
}

/** A text that is told as it is, without a model. */
export interface Telling {
  route: OccasionRoute;
  key: string;
  text: string;
  tainted: boolean;
  replyTo: ReplyTarget;
}

/** `full`: so much waits, or began within a day, that nothing more is taken; try again later, and say so. */
export type Begun = "begun" | "known" | "full";

type Deps = Pick<
  AgentDeps,
  "inbox" | "messages" | "outbox" | "settings" | "transaction" | "audit" | "broadcast" | "deliver" | "now" | "newId"
> & {
  conversationId(): string;
  /** Starts a turn for what waits. */
  drain(): Promise<unknown>;
};

/**
 * How the agent begins something by itself: a message that nobody sent is put into the queue like any other and answered by a turn that nobody waits for, or a text is told as it
 * is. Each once, by its key. Both may be called within a transaction of the caller's, so that what made them due is settled in the same moment; call {@link Occasions.go} after it.
 */
export class Occasions {
  constructor(private readonly deps: Deps) {}

  begin({ route, key, text, word, content, tainted, replyTo, tier, taskId }: Occasion): Begun {
    const { deps } = this;
    if (deps.inbox.find(route, key)) return "known";
    if (deps.inbox.queuedBy(OCCASION_ROUTES) >= MAX_OCCASIONS_QUEUED) return "full";
    if (deps.inbox.begunBy(OCCASION_ROUTES, deps.now() - DAY_MS) >= MAX_OCCASIONS_A_DAY) return "full";
    const id = deps.newId();
    const marked = tainted || content.length > 0;
    const stored = deps.transaction(() => {
      deps.inbox.insert({ ...row(route, key, replyTo), id, tier, state: "queued", taskId, turnId: null, receivedAt: deps.now() });
      deps.audit({
        kind: "message",
        event: "received",
        actor: "system",
        channel: "agent",
        subject: id,
        tainted: marked,
        input: JSON.stringify([text, content]),
        summary: BEGUN[route],
      });
      return deps.messages.insert({
        ...this.#message(id, text, marked),
        role: word ? "user" : "notice",
        content: [...content],
        turnId: null,
        status: "queued",
      });
    });
    deps.broadcast({ type: "message", message: stored });
    return "begun";
  }

  tell({ route, key, text, tainted, replyTo }: Telling): Begun {
    const { deps } = this;
    if (deps.inbox.find(route, key)) return "known";
    const id = deps.newId();
    const stored = deps.transaction(() => {
      deps.inbox.insert({
        ...row(route, key, replyTo),
        id,
        tier: null,
        state: "answered",
        taskId: null,
        turnId: null,
        receivedAt: deps.now(),
      });
      if (needsDelivery(replyTo))
        deps.outbox.insert({ id: deps.newId(), turnId: null, messageId: id, target: replyTo, state: "pending", createdAt: deps.now() });
      deps.audit({
        kind: "message",
        event: "told",
        actor: "system",
        channel: "agent",
        subject: id,
        tainted,
        output: text,
        summary: BEGUN[route],
      });
      return deps.messages.insert({ ...this.#message(id, text, tainted), role: "assistant", content: [], turnId: null, status: "done" });
    });
    deps.broadcast({ type: "message", message: stored });
    return "begun";
  }

  /** Starts what waits and delivers what was told. */
  async go(): Promise<void> {
    this.deps.deliver();
    await this.deps.drain();
  }

  /** When what was `full` may be tried again, UTC milliseconds: before, there is no room in the day. */
  roomAt(): number {
    const { inbox, now } = this.deps;
    const filled = inbox.begunAt(OCCASION_ROUTES, MAX_OCCASIONS_A_DAY);
    return Math.max(now() + QUEUED_AGAIN_MS, filled === null ? 0 : filled + DAY_MS);
  }

  /** Where the user reads what nobody asked for: the private chat they last wrote in, else the page. */
  home(): ReplyTarget {
    return this.deps.settings.read("push_target", ReplyTarget) ?? { channel: "web" };
  }

  #message(
    id: string,
    text: string,
    tainted: boolean,
  ): Omit<Parameters<AgentDeps["messages"]["insert"]>[0], "role" | "content" | "turnId" | "status"> {
    return {
      id,
      conversationId: this.deps.conversationId(),
      kind: "chat",
      channel: "agent",
      text,
      steps: [],
      tainted,
      externalId: null,
      error: null,
      model: null,
      usage: null,
      createdAt: this.deps.now(),
    };
  }
}

const row = (route: OccasionRoute, key: string, replyTo: ReplyTarget) => ({
  route,
  key,
  bodyHash: "",
  replyTo,
  coalesceKey: null,
  holdUntil: null,
});

/** One line for the trail. */
const BEGUN: Record<OccasionRoute, string> = {
  schedule: "A schedule was due",
  task: "A task in the background",
  plan: "A plan",
  event: "An event",
  heartbeat: "The heartbeat",
};
