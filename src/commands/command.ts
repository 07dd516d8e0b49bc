/** What a command may use: narrow ports of the user's object. */
export interface CommandContext {
  /** UTC milliseconds. */
  now(): number;
  /** When the command was sent, UTC milliseconds: what its dates are said of. */
  saidAt: number;
  timeZone: string;
  channel: string;
  /** Where the page is, when known, for links. */
  publicUrl: string | null;
  user: { id: string; name: string; email: string; role: string };
  ports: CommandPorts;
}

/** The parts of the user's object that commands act on. Grows with the product; each is a small, typed door. */
export interface CommandPorts {
  /** Starts a new epoch of the conversation; older messages stay searchable. */
  newConversation(): void;
  /** Stops the running turn at once and drops queued messages; says how many were affected. */
  cancel(): Promise<{ stopped: number; dropped: number }>;
  status(): {
    running: { turnId: string; startedAt: number; text: string } | null;
    queued: number;
    spentTodayMicroUsd: number;
    spentMonthMicroUsd: number;
  };
  model(): { tier: string; chain: string[]; offline: boolean }[];
  /** Sets the chain of a tier for this user; throws a MargayError when it does not parse or has no key. */
  setModel(tier: string, chain: string[] | null): void;
  /** Runs a tool by name through the same gate as the model. */
  callTool(name: string, input: unknown): Promise<{ output: unknown; summary: string; status: "done" | "failed" | "denied" | "waiting" }>;
}

/** A `/name` typed in any channel. Runs at once, without a model. */
export interface Command {
  /** Without the slash, lower case. */
  readonly name: string;
  /** One line for `/help` and for completion. */
  readonly description: string;
  /** How it is written, such as `/task add <what> [p1] [due …]`. */
  readonly usage: string;
  /** `args` is the text after the name, trimmed. Returns Markdown. */
  run(args: string, context: CommandContext): Promise<string> | string;
}
