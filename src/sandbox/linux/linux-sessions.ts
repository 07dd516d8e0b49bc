import { MargayError, withNext } from "../../errors.ts";
import type { Policy } from "../../permission/decide.ts";
import type { Writer } from "../../workspace/workspace-deps.ts";
import { type FileRules, fileRules } from "./file-rules.ts";
import { HeadTail } from "./head-tail.ts";
import type { LinuxSandbox, SandboxCommand, SandboxExit } from "./linux-sandbox.ts";
import { Sync, type SyncedIn } from "./sync.ts";
import type { BaseStore, SyncFiles } from "./sync-files.ts";
import type { SyncReport } from "./sync-report.ts";

/** Until a session that nobody uses is ended, milliseconds. */
export const IDLE_MS = 20 * 60_000;
/** What is kept of what a command prints, characters: the beginning and the end. */
const KEPT = { stdout: { head: 10_000, tail: 20_000 }, stderr: { head: 4_000, tail: 8_000 } };

/** A session that one task or conversation has. */
export interface SessionRow {
  /** `task:<id>` or `conversation:<id>`. */
  name: string;
  sessionId: string;
  /** Where content in it comes from that nobody vouches for: it stays so as long as the session. */
  untrusted: string | null;
  /** Whether what the last command changed was brought back: false after a crash in the middle. */
  settled: boolean;
  usedAt: number;
}

export interface SessionStore extends BaseStore {
  get(name: string): SessionRow | null;
  /** A new session has been given nothing. */
  begin(row: SessionRow): void;
  update(row: SessionRow): void;
  /** With all that it was given. */
  end(name: string): void;
  all(): SessionRow[];
}

export interface LinuxRun {
  command: SandboxCommand;
  /** The files and folders that go in; null: all. */
  paths: readonly string[] | null;
  /** Where what goes in as command or input comes from when nobody vouches for it; what the command reads from the network too. */
  untrusted: string | null;
  /** Is given what the command prints, as it comes. */
  print(text: string): void;
  /** Is told of what is brought into the user's files as it is: of the same report again with all that came before it. */
  saved?(report: SyncReport): void;
  signal: AbortSignal;
}

export interface LinuxRan {
  exit: SandboxExit;
  stdout: string;
  stderr: string;
  went: SyncedIn;
  came: SyncReport;
  untrusted: string | null;
  /** What it was let do with the user's files. */
  rules: FileRules;
  /** Whether an earlier session was lost: what was installed or kept outside of the work folder is gone. */
  anew: boolean;
}

export interface LinuxSessionsDeps {
  store: SessionStore;
  files: SyncFiles;
  /** The Linux of a session's name; null: there is none here. */
  sandbox(name: string): LinuxSandbox | null;
  /** Whether what a session is for is over. */
  over(name: string): boolean;
  /** What the user set for a tool. */
  policy(tool: string): Policy | null;
  now(): number;
}

/** The Linux sessions of one user: one a task or conversation, one command at a time in each, the user's files in step before and after. */
export class LinuxSessions {
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(private readonly deps: LinuxSessionsDeps) {}

  run(name: string, run: LinuxRun): Promise<LinuxRan> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const rules = fileRules((tool) => this.deps.policy(tool));
    // Before whoever waits for it hears: a session whose last command this was can be ended then.
    const mine = before
      .then(() => this.#run(name, run, rules))
      .finally(() => {
        if (this.#last.get(name) === quiet) this.#last.delete(name);
      });
    const quiet = mine.catch(() => undefined);
    this.#last.set(name, quiet);
    return mine;
  }

  /** Ends the sessions of what is over, and those that nobody used for long. One that is in use is left. */
  async sweep(): Promise<void> {
    const { store, over, now } = this.deps;
    const ending = store.all().filter(({ name, usedAt }) => !this.#last.has(name) && (over(name) || usedAt < now() - IDLE_MS));
    const closing = ending.map(async (row) => {
      const sandbox = this.deps.sandbox(row.name);
      store.end(row.name);
      // Who cannot be reached ends them by itself.
      await sandbox?.close(row.sessionId).catch(() => undefined);
    });
    await Promise.all(closing);
  }

  async #run(name: string, run: LinuxRun, rules: () => FileRules): Promise<LinuxRan> {
    run.signal.throwIfAborted();
    const sandbox = this.deps.sandbox(name);
    if (sandbox === null) throw notThere();
    const known = this.deps.store.get(name);
    if (known === null) return this.#in(await this.#begin(name, sandbox, run.signal), sandbox, run, rules, false);
    try {
      return await this.#in(known, sandbox, run, rules, false);
    } catch (error) {
      // Before the command began: nothing has happened yet, so it can happen in a new one.
      if (!(error instanceof BeforeCommand)) throw error;
      this.deps.store.end(name);
      return this.#in(await this.#begin(name, sandbox, run.signal), sandbox, run, rules, true);
    }
  }

  async #begin(name: string, sandbox: LinuxSandbox, signal: AbortSignal): Promise<SessionRow> {
    const row = { name, sessionId: await this.#open(sandbox, signal), untrusted: null, settled: true, usedAt: this.deps.now() };
    this.deps.store.begin(row);
    return row;
  }

  /** A new session. Where there is no room for another, the one of this user's that was not used for longest makes room; what it kept is told to be gone when it is used again. */
  async #open(sandbox: LinuxSandbox, signal: AbortSignal): Promise<string> {
    const idle = this.deps.store
      .all()
      .filter(({ name }) => !this.#last.has(name))
      .toSorted((a, b) => a.usedAt - b.usedAt);
    for (;;) {
      try {
        return await sandbox.open(signal);
      } catch (error) {
        const oldest = idle.shift();
        if (!(error instanceof MargayError && error.code === "rate_limited") || oldest === undefined) throw error;
        await sandbox.close(oldest.sessionId);
      }
    }
  }

  async #in(begun: SessionRow, sandbox: LinuxSandbox, run: LinuxRun, rules: () => FileRules, anew: boolean): Promise<LinuxRan> {
    const { store, files, now } = this.deps;
    const { signal } = run;
    const session = begun.sessionId;
    const sync = new Sync({ files, base: store, sandbox, saved: (report) => run.saved?.(report) });
    const by = (untrusted: string | null): Writer => ({ author: "agent", untrusted, key: null });
    const went = await sync
      .in(session, { settled: begun.settled, paths: run.paths, by: by(begun.untrusted), rules: rules(), signal })
      .catch((error: unknown) => {
        throw isGone(error) ? new BeforeCommand() : error;
      });
    const untrusted = begun.untrusted ?? run.untrusted ?? went.untrusted;
    store.update({ ...begun, untrusted, settled: false, usedAt: now() });
    const printed = {
      stdout: new HeadTail(KEPT.stdout.head, KEPT.stdout.tail),
      stderr: new HeadTail(KEPT.stderr.head, KEPT.stderr.tail),
    };
    const print = (stream: "stdout" | "stderr", text: string): void => {
      printed[stream].add(text);
      run.print(text);
    };
    try {
      const exit = await sandbox.exec(session, run.command, print, signal);
      if (exit.ended === "gone") throw new MargayError("gone", LOST);
      const held = rules();
      const came = await sync.out(session, { by: by(untrusted), rules: held, signal });
      // What could not be saved is looked at again before anything takes its place.
      store.update({ ...begun, untrusted, settled: came.notSaved.length === 0, usedAt: now() });
      return { exit, stdout: printed.stdout.text(), stderr: printed.stderr.text(), went, came, untrusted, rules: held, anew };
    } catch (error) {
      // Whether the session is gone, or only the way to it broke, the next command finds out.
      throw neverBegan(error) ? new BeforeCommand() : error;
    }
  }
}

const LOST = "The Linux ended while the command ran. What it had changed is lost; your files are as they were.";

/** The session was not there any more before its command began. */
class BeforeCommand extends MargayError {
  constructor() {
    super("gone", "The Linux ended before the command began. Nothing has happened; try again.");
  }
}

/** Whether the session was not there when the command was to begin: nothing of it has happened. */
const neverBegan = (error: unknown): boolean =>
  isGone(error) &&
  error instanceof MargayError &&
  typeof error.details === "object" &&
  error.details !== null &&
  "began" in error.details &&
  error.details.began === false;

const isGone = (error: unknown): boolean => error instanceof MargayError && error.code === "gone";

/** What is said where there is none. */
export const NO_LINUX =
  "There is no Linux here. Whoever runs this Margay can switch it on: with `npx wrangler deploy -c wrangler.linux.toml` (it needs Docker once), or on their own machine by installing bubblewrap and starting Margay again.";

/** What an agent can do there instead. */
export const WITHOUT_LINUX = "run_javascript works without it.";

const notThere = (): MargayError => new MargayError("not_configured", NO_LINUX, withNext(WITHOUT_LINUX));
