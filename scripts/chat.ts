/**
 * `npm run chat -- "message"`, and without a message a conversation. Talks to any Margay over its HTTP API.
 *
 * Exit codes: 0 answered · 1 the turn failed or was stopped · 2 wrong usage · 3 no or a wrong key · 4 the server cannot be reached or refused.
 */
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { TurnEvent } from "../src/channels/events.ts";
import { call, connect, EXIT, Failure, plain, refused, type Server } from "./api/server.ts";

const HELP = `Usage: npm run chat -- [options] ["message"]

Without a message, starts a conversation (a line is a message; /help lists commands, Ctrl-D ends).

  --url URL   the Margay to talk to (MARGAY_URL, else http://localhost:8787)
  --key KEY   your API key (MARGAY_KEY). Not needed for \`npm start\` on this machine.
  --tier T    fast, smart or vision, for these messages
  --help      this text
`;

/** How often in a row a cut stream is opened again without anything new. */
const MAX_RESUMES = 10;

const Accepted = z.object({ turn_id: z.string().nullable() });

const colour = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[22m` : text);
const red = (text: string): string => (colour ? `\u001b[31m${text}\u001b[39m` : text);
const out = (text: string): void => void process.stdout.write(text);
/** What is about the answer and not of it, so that the answer alone can be piped. */
const note = (text: string): void => void process.stderr.write(`${text}\n`);

interface SseMessage {
  event: string;
  id: string | null;
  data: string;
}

/** Reads a `text/event-stream` (WHATWG HTML, 9.2), as far as Margay writes it. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<SseMessage> {
  let buffer = "";
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    buffer += decoder.decode(chunk, { stream: true });
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop() ?? "";
    for (const block of blocks) {
      const message: SseMessage = { event: "message", id: null, data: "" };
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) message.event = line.slice(7);
        else if (line.startsWith("id: ")) message.id = line.slice(4);
        else if (line.startsWith("data: ")) message.data += line.slice(6);
      }
      if (message.data !== "") yield message;
    }
  }
}

const MARKS: Readonly<Record<Extract<TurnEvent, { type: "tool_result" }>["status"], (summary: string) => string>> = {
  done: (summary) => dim(`✓ ${summary}`),
  waiting: (summary) => dim(`? ${summary}`),
  failed: (summary) => red(`✗ ${summary}`),
  denied: (summary) => red(`✗ ${summary}`),
};

/** Shows the events of one turn as they come. Text already shown cannot be taken back, so a step that starts over begins a new line. */
class Screen {
  #atLineStart = true;
  #step: number | null = null;
  #shown = false;
  /** The words of the last step. */
  #last = "";

  show(event: TurnEvent): void {
    if (event.type === "step") {
      if (event.step !== this.#step || this.#shown) this.#newLine();
      this.#step = event.step;
      this.#last = "";
    } else if (event.type === "text") {
      this.#last += event.delta;
      this.#text(event.delta);
    } else if (event.type === "tool_call") this.#note(dim(`→ ${plain(event.tool)} ${shorten(plain(JSON.stringify(event.input) ?? ""))}`));
    else if (event.type === "tool_result") this.#note(MARKS[event.status](plain(event.summary)));
    else if (event.type === "tool_progress") this.#note(dim(`  ${plain(event.text)}`));
    else if (event.type === "notice") this.#note(dim(plain(event.message)));
    else {
      if (!this.#shown) this.#text(event.text);
      else this.#rest(event.text);
      this.#newLine();
      if (event.status === "cancelled") note(dim("Stopped."));
      if (event.error) note(red(plain(event.error.message)));
    }
  }

  #text(text: string): void {
    const shown = plain(text);
    if (shown === "") return;
    out(shown);
    this.#shown = true;
    this.#atLineStart = shown.endsWith("\n");
  }

  /** What the whole answer says below the words that were shown as they came: what is asked, and how to answer. */
  #rest(whole: string): void {
    const at = whole.lastIndexOf(this.#last.trim());
    const rest = at < 0 ? "" : whole.slice(at + this.#last.trim().length).trim();
    if (rest === "") return;
    this.#newLine();
    this.#text(`\n${rest}`);
  }

  #newLine(): void {
    if (!this.#atLineStart) out("\n");
    this.#atLineStart = true;
  }

  #note(text: string): void {
    this.#newLine();
    note(text);
  }
}

const shorten = (text: string): string => (text.length > 100 ? `${text.slice(0, 99)}…` : text);

/** Sends a message and shows its turn. A cut connection goes on where it was; the key makes sure that the message is sent once. */
async function say(server: Server, message: string, tier: string | undefined, state: Interruptible): Promise<number> {
  const key = randomUUID();
  const body = JSON.stringify({
    message,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(tier === undefined ? {} : { tier }),
  });
  const screen = new Screen();
  let last: string | null = null;
  let accepted = false;
  for (let failures = 0; ; failures++) {
    const headers = {
      "content-type": "application/json",
      accept: "text/event-stream",
      "idempotency-key": key,
      ...(last === null ? {} : { "last-event-id": last }),
    };
    let broken: Failure;
    try {
      const response = await call(server, "/api/v1/chat", { method: "POST", headers, body });
      if (!response.ok || !response.body) throw await refused(response);
      for await (const { event, id, data } of events(response.body)) {
        if (event === "accepted") {
          state.turnId = Accepted.parse(JSON.parse(data)).turn_id;
          accepted = true;
          continue;
        }
        const parsed = TurnEvent.safeParse(JSON.parse(data));
        // A newer server may know more kinds of events.
        if (!parsed.success) continue;
        screen.show(parsed.data);
        last = id ?? last;
        failures = 0;
        if (parsed.data.type === "end") return parsed.data.status === "done" ? EXIT.done : EXIT.failed;
      }
      broken = new Failure("The connection was cut.", EXIT.server);
    } catch (error) {
      // What was accepted will be answered, so it is worth waiting for; anything else was perhaps never sent.
      if (error instanceof Failure && (!accepted || error.exitCode === EXIT.key)) throw error;
      broken = error instanceof Failure ? error : new Failure("The connection was cut.", EXIT.server);
    }
    if (failures >= MAX_RESUMES) throw broken;
    await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** failures, 5_000)));
  }
}

interface Interruptible {
  running: boolean;
  /** The turn that answers, once it is known. */
  turnId: string | null;
  interrupt(): void;
}

/** Ctrl-C stops the running turn; a second one, or one while nothing runs, leaves. */
function interruptible(server: Server): Interruptible {
  let stopping = false;
  const state: Interruptible = {
    running: false,
    turnId: null,
    interrupt: () => {
      if (!state.running || stopping) process.exit(130);
      stopping = true;
      note(dim("\nStopping … (Ctrl-C again to leave)"));
      // Without a turn of its own yet the message waits behind others: then all stop, as with /cancel.
      const body = JSON.stringify(state.turnId === null ? {} : { turn_id: state.turnId });
      call(server, "/api/v1/chat/cancel", { method: "POST", headers: { "content-type": "application/json" }, body })
        .catch(() => note(red("The turn could not be stopped; it goes on without you.")))
        .finally(() => {
          stopping = false;
        });
    },
  };
  return state;
}

async function converse(server: Server, tier: string | undefined): Promise<number> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: colour ? "\u001b[1m› \u001b[22m" : "> " });
  const state = interruptible(server);
  lines.on("SIGINT", () => state.interrupt());
  note(dim(`Connected to ${server.url.origin}. Ctrl-C stops an answer, Ctrl-D leaves.`));
  let open = true;
  lines.once("close", () => {
    open = false;
  });
  // Lines that are piped in go on coming after the input was closed.
  const ask = (): void => {
    if (open && process.stdin.isTTY) lines.prompt();
  };
  ask();
  for await (const line of lines) {
    if (line.trim() !== "") {
      state.running = true;
      try {
        await say(server, line, tier, state);
      } catch (error) {
        if (!(error instanceof Failure) || error.exitCode === EXIT.key) throw error;
        note(red(error.message));
      } finally {
        state.running = false;
        state.turnId = null;
      }
    }
    ask();
  }
  return EXIT.done;
}

async function main(): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: { url: { type: "string" }, key: { type: "string" }, tier: { type: "string" }, help: { type: "boolean" } },
    });
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : "Wrong usage."}\n\n${HELP}`, EXIT.usage);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    out(HELP);
    return EXIT.done;
  }
  if (values.tier !== undefined && !["fast", "smart", "vision"].includes(values.tier))
    throw new Failure("--tier is fast, smart or vision.", EXIT.usage);
  const server = await connect(values);
  const message = positionals.join(" ");
  if (message === "") return converse(server, values.tier);
  const state = interruptible(server);
  state.running = true;
  process.on("SIGINT", () => state.interrupt());
  return say(server, message, values.tier, state);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  note(red(error.message));
  process.exitCode = error.exitCode;
}
