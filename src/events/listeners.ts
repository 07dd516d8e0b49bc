import type { Occasions } from "../agent/occasions.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import type { ListenerEventStore } from "../db/object/listener-events.ts";
import type { ListenerStore } from "../db/object/listeners.ts";
import { checkEgressUrl } from "../egress/check-url.ts";
import { MargayError } from "../errors.ts";
import { folderPath } from "../workspace/path.ts";
import { EVENT } from "../plans/check-steps.ts";
import { playbookWords } from "../plans/playbook-words.ts";
import type { PlaybookCheck } from "../plans/playbook-starter.ts";
import type { HookSecrets } from "./hook-secrets.ts";
import { markOf, nameOf, type StoredListener } from "./listener.ts";
import {
  type FiringPage,
  type FiringQuery,
  type ListenerInput,
  type ListenerMade,
  type ListenerPatch,
  type ListenerSource,
  type ListenerAction,
  isPolled,
  MAX_LISTENERS,
  type ListenerView,
} from "./shapes.ts";
import { schemeOf } from "./signatures/registry.ts";
import { sourceName } from "./source-name.ts";

export interface ListenersDeps {
  store: ListenerStore;
  events: ListenerEventStore;
  secrets: HookSecrets;
  playbooks: PlaybookCheck;
  audit(entry: NewAuditEntry): void;
  transaction<T>(work: () => T): T;
  occasions(): Pick<Occasions, "begin" | "tell" | "go" | "home">;
  /** Tells the directory of hooks at once, as far as that works now. */
  flushHooks(): Promise<void>;
  /** Whether mail comes to this Margay at all. */
  takesMail(): boolean;
  /** Something may be due at another time than before. */
  plan(): void;
  /** UTC milliseconds. */
  now(): number;
  newId(): string;
  /** 192 random bits, as they can stand in an address. */
  newHookId(): string;
}

/** Who makes or changes one, and where from. */
export interface ListenerBy {
  author: "user" | "agent";
  /** Whether content from outside was read before. */
  tainted: boolean;
  channel: string | null;
}

/** A call of a person or their program. */
export const BY_USER: ListenerBy = { author: "user", tainted: false, channel: "web" };

const UNASKED = "It was made while content from outside was being read, so it waits until you switch it on.";

/** The user's listeners: made, changed and taken away, each change in the trail. */
export class Listeners {
  constructor(private readonly deps: ListenersDeps) {}

  list(): ListenerView[] {
    return this.deps.store.all().map((listener) => this.view(listener));
  }

  get(id: string): ListenerView {
    return this.view(this.existing(id));
  }

  /** `key`: the tool call that makes it; the same makes one. `conflict` when there are too many, `not_configured` for mail where none comes. */
  async add(input: ListenerInput, by: ListenerBy, key: string | null = null): Promise<ListenerMade> {
    const { store, secrets, audit, transaction, now, newId, newHookId } = this.deps;
    const known = key === null ? null : store.byCall(key);
    if (known) return { listener: this.view(known), secret: null };
    if (store.count() >= MAX_LISTENERS)
      throw new MargayError("conflict", `There are ${MAX_LISTENERS} listeners, which is as many as fit. Delete one first.`);
    checkSource(input.source);
    this.#checkAction(input.action);
    if (input.source.kind === "mail" && !this.deps.takesMail())
      throw new MargayError("not_configured", "No mail comes to this Margay yet: its owner switches it on, docs/email.md says how.");
    const { source } = input;
    // No secret comes through a tool: who had the agent or a command make a hook makes its secret on the page, where it is shown to them.
    const made =
      source.kind === "hook" && by.author === "user" && key === null ? secretFor(source, input.secret) : { value: null, ours: false };
    const id = newId();
    const at = now();
    const held = by.author === "agent" && by.tainted;
    const hookId = source.kind === "hook" ? newHookId() : null;
    const number = transaction(() => {
      const fresh = {
        ...NEW,
        id,
        title: input.title ?? sourceName(source),
        source,
        when: input.when,
        action: input.action,
        // What content from outside asked for does nothing until the user says so.
        status: held ? ("paused" as const) : ("active" as const),
        pausedBecause: held ? UNASKED : null,
        batchSeconds: input.batch_seconds,
        perHour: input.per_hour,
        author: by.author,
        tainted: by.tainted,
        hookId,
        nextPollAt: isPolled(source) ? at : null,
        createdAt: at,
        updatedAt: at,
      };
      const given = store.insert(fresh, key);
      if (hookId !== null) store.putHook(hookId, "put", at);
      audit(
        this.#entry(
          "created",
          { ...fresh, number: given },
          by,
          `Made ${markOf({ ...fresh, number: given })}${held ? ", switched off" : ""}: ${sourceName(source)}`,
        ),
      );
      if (held) this.#tellHeld({ ...fresh, number: given });
      return given;
    });
    if (made.value !== null) await secrets.set(id, made.value);
    if (hookId !== null) await this.deps.flushHooks();
    this.deps.plan();
    return { listener: this.view(this.#byNumber(number)), secret: made.ours ? made.value : null };
  }

  update(id: string, patch: ListenerPatch, by: ListenerBy): ListenerView {
    const { store, audit, transaction, now } = this.deps;
    const before = this.existing(id);
    if (patch.source !== undefined) checkSameKind(before.source, patch.source);
    if (patch.action !== undefined) this.#checkAction(patch.action);
    const asleep = patch.status === "active" && before.status === "paused";
    if (asleep && by.author === "agent" && (by.tainted || before.tainted))
      throw new MargayError(
        "forbidden",
        "Only the user can switch this one on, on the page of listeners: content from outside had a part in it.",
      );
    const moved = patch.source !== undefined && isPolled(patch.source) && JSON.stringify(patch.source) !== JSON.stringify(before.source);
    // Instructions that the user wrote in the place of others are their own; what stays as it was stays whose it was.
    const reworded = patch.action !== undefined && wordsOf(patch.action) !== wordsOf(before.action);
    const { title, source, when, action, status, batch_seconds: batchSeconds, per_hour: perHour } = patch;
    const given = { title, source, when, action, status, batchSeconds, perHour };
    transaction(() => {
      store.update(id, {
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        ...(reworded ? { author: by.author, tainted: by.author === "user" ? false : before.tainted || by.tainted } : {}),
        ...(!reworded && by.tainted && [title, source, when, action].some((one) => one !== undefined) ? { tainted: true } : {}),
        ...(asleep ? { pausedBecause: null, pollFailures: 0, pollError: null } : {}),
        ...(moved
          ? { snapshot: null, etag: null, lastModified: null, answeredBy: null, pollFailures: 0, pollError: null, pollOkAt: null }
          : {}),
        ...((asleep || moved) && isPolled(before.source) ? { nextPollAt: now() } : {}),
        updatedAt: now(),
      });
      const after = this.existing(id);
      const what = status !== undefined && status !== before.status ? (status === "paused" ? "Paused" : "Switched on") : "Changed";
      audit(this.#entry(what === "Paused" ? "paused" : what === "Changed" ? "changed" : "resumed", after, by, `${what} ${markOf(after)}`));
    });
    this.deps.plan();
    return this.get(id);
  }

  /** Its address, secret and events go with it. */
  async delete(id: string, by: ListenerBy): Promise<ListenerView> {
    const { store, secrets, audit, transaction, now } = this.deps;
    const before = this.existing(id);
    const view = this.view(before);
    transaction(() => {
      store.delete(id);
      if (before.hookId !== null) store.putHook(before.hookId, "drop", now());
      secrets.forget(id);
      audit(this.#entry("deleted", before, by, `Deleted ${markOf(before)}`));
    });
    if (before.hookId !== null) await this.deps.flushHooks();
    this.deps.plan();
    return view;
  }

  /** A new secret: the given one, or (null) one that is made here. The one before is taken for a day more. */
  async rotate(id: string, secret: string | null, by: ListenerBy): Promise<ListenerMade> {
    const before = this.existing(id);
    if (before.source.kind !== "hook") throw new MargayError("invalid_request", "Only a hook has a secret.");
    const { value, ours } = secretFor(before.source, secret ?? undefined);
    if (value === null)
      throw new MargayError(
        "invalid_request",
        `${schemeOf(before.source.scheme).title} makes the secret itself: enter the one that it shows.`,
      );
    await this.deps.secrets.rotate(id, value);
    this.deps.audit(this.#entry("changed", before, by, `New secret for ${markOf(before)}`));
    return { listener: this.get(id), secret: ours ? value : null };
  }

  firings(id: string, { limit, before }: FiringQuery): FiringPage {
    this.existing(id);
    const found = this.deps.events.page(id, limit + 1, before);
    return { firings: found.slice(0, limit), next_before: found.length > limit ? (found[limit - 1]?.id ?? null) : null };
  }

  existing(id: string): StoredListener {
    const listener = this.deps.store.get(id);
    if (!listener) throw new MargayError("not_found", "There is no such listener.");
    return listener;
  }

  view(listener: StoredListener): ListenerView {
    const { polledAt, nextPollAt, source, secretSetAt, previousUntil, hookId } = listener;
    return {
      id: listener.id,
      number: listener.number,
      title: listener.title,
      source,
      when: listener.when,
      action: listener.action,
      status: listener.status,
      paused_because: listener.pausedBecause,
      batch_seconds: listener.batchSeconds,
      per_hour: listener.perHour,
      author: listener.author,
      tainted: listener.tainted,
      channel: (listener.replyTo ?? this.deps.occasions().home()).channel,
      hook_path: hookId === null ? null : `/hooks/${hookId}`,
      secret:
        secretSetAt === null
          ? null
          : {
              last_four: listener.secretLastFour ?? "",
              set_at: secretSetAt,
              previous_until: previousUntil !== null && previousUntil > this.deps.now() ? previousUntil : null,
            },
      poll:
        !isPolled(source) || nextPollAt === null
          ? null
          : {
              next_at: nextPollAt,
              last_at: polledAt,
              last_ok_at: listener.pollOkAt,
              failures: listener.pollFailures,
              error: listener.pollError,
            },
      events: listener.events,
      firings: listener.firings,
      last_event_at: listener.lastEventAt,
      last_fired_at: listener.lastFiredAt,
      created_at: listener.createdAt,
      updated_at: listener.updatedAt,
    };
  }

  #checkAction(action: ListenerAction): void {
    if (action.kind === "playbook") this.deps.playbooks.check(action.playbook, action.variables, [EVENT]);
  }

  /** The user hears of it from Margay, not from the model that was told to make it. Delivered with the turn that it was made in. Part of the caller's transaction. */
  #tellHeld(listener: StoredListener): void {
    const occasions = this.deps.occasions();
    const text = `While I was reading content from outside I made ${nameOf(listener)} (${sourceName(listener.source)}). It does nothing until you switch it on, on the page of listeners. If you did not ask for it, delete it there.`;
    occasions.tell({ route: "event", key: `${listener.id}:held`, text, tainted: true, replyTo: occasions.home() });
  }

  #byNumber(number: number): StoredListener {
    const made = this.deps.store.all().find((one) => one.number === number);
    if (!made) throw new MargayError("not_found", "The listener was deleted meanwhile.");
    return made;
  }

  #entry(
    event: string,
    { id, tainted, source, when, action }: StoredListener,
    { author, channel }: ListenerBy,
    summary: string,
  ): NewAuditEntry {
    return {
      kind: "listener",
      event,
      actor: author,
      channel,
      subject: id,
      tainted,
      input: JSON.stringify([source, when, action]),
      summary,
    };
  }
}

const wordsOf = (action: ListenerAction): string =>
  action.kind === "text"
    ? action.text
    : action.kind === "prompt"
      ? action.prompt
      : action.kind === "profile"
        ? action.input
        : playbookWords({ name: action.playbook, variables: action.variables });

/** What a new one has not had yet. */
const NEW = {
  replyTo: null,
  secretLastFour: null,
  secretSetAt: null,
  previousUntil: null,
  polledAt: null,
  pollOkAt: null,
  pollFailures: 0,
  pollError: null,
  etag: null,
  lastModified: null,
  answeredBy: null,
  snapshot: null,
  recent: [],
  throttleToldAt: null,
  undecidedToldAt: null,
  rejectedAt: null,
  events: 0,
  firings: 0,
  lastEventAt: null,
  lastFiredAt: null,
} satisfies Partial<StoredListener>;

function checkSource(source: ListenerSource): void {
  if (source.kind === "file") folderPath(source.folder);
  if (!isPolled(source)) return;
  const checked = checkEgressUrl(source.url);
  if (!checked.allowed) throw new MargayError("invalid_request", checked.reason);
}

function checkSameKind(before: ListenerSource, after: ListenerSource): void {
  if (before.kind !== after.kind || (before.kind === "hook" && after.kind === "hook" && before.scheme.name !== after.scheme.name))
    throw new MargayError("invalid_request", "Where its events come from stays: make another listener for another kind.");
  checkSource(after);
}

/** The secret of a hook: the given one, one of ours, or (null) none yet, because the service makes it. */
function secretFor(
  { scheme }: Extract<ListenerSource, { kind: "hook" }>,
  given: string | undefined,
): { value: string | null; ours: boolean } {
  const { theirs, secretProblem, newSecret } = schemeOf(scheme);
  if (given === undefined) return theirs ? { value: null, ours: false } : { value: newSecret(), ours: true };
  const problem = secretProblem(given);
  if (problem !== null) throw new MargayError("invalid_request", problem);
  return { value: given, ours: false };
}
