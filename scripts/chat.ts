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
import { CLI_CLIENT } from "../src/channels/cli.ts";

const HELP = `Usage: npm run chat -- [options] ["message"]

Without a message, starts a conversation (a line is a message; /help lists commands, Ctrl-D ends).

  --url URL   the Margay to talk to (MARGAY_URL, else http://localhost:8787)
  --key KEY   your API key (MARGAY_KEY). Not needed for \`npm start\` on this machine.
  --tier T    fast, smart or vision, for these messages
  --help      this text
`;

/** How often in a row a cut stream is opened again without anything new. */
const MAX_RESUMES = 10;

const EXIT = { answered: 0, failed: 1, usage: 2, key: 3, server: 4 } as const;

/** A failure with the sentence to show and the code to leave with. */
class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

const ErrorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const Accepted = z.object({ turn_id: z.string().nullable() });

const colour = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
const dim = (text: string): string => (colour ? `\u001b[2m${text}\u001b[22m` : text);
const red = (text: string): string => (colour ? `\u001b[31m${text}\u001b[39m` : text);
const out = (text: string): void => void process.stdout.write(text);
/** What is about the answer and not of it, so that the answer alone can be piped. */
const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** What an answer says must not move the cursor or recolour the terminal: controls but line breaks and tabs are left out. */
const plain = (text: string): string => text.replaceAll(/(?![\n\t])\p{Cc}/gu, "");

interface Server {
  url: URL;
  headers: Record<string, string>;
}

const isLocal = ({ hostname }: URL): boolean => hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";

async function call(server: Pick<Server, "url" | "headers">, path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(new URL(path, server.url), {
      redirect: "error",
      ...init,
      headers: { ...server.headers, ...Object.fromEntries(new Headers(init.headers)) },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure(
      `Cannot reach ${server.url.origin}. Is it running? Start one here with \`npm start\`, or name another with --url.`,
      EXIT.server,
    );
  }
}

async function refused(response: Response): Promise<Failure> {
  const parsed = ErrorAnswer.safeParse(await response.json().catch(() => null));
  const message = parsed.success ? plain(parsed.data.error.message) : `The server answered HTTP ${response.status}; is it a Margay?`;
  if (response.status === 401) return new Failure(`The key was not accepted. ${HOW_TO_GET_A_KEY}`, EXIT.key);
  return new Failure(message, response.status === 403 ? EXIT.key : EXIT.server);
}

const HOW_TO_GET_A_KEY = "Make one on the page under Settings → API, then set MARGAY_KEY or pass --key.";

/** By key; without one, by the sign-in that `npm start` offers to this machine. */
async function connect(url: URL, key: string | undefined): Promise<Server> {
  const headers = { "x-margay-client": CLI_CLIENT };
  if (key !== undefined) return { url, headers: { ...headers, authorization: `Bearer ${key}` } };
  if (!isLocal(url)) throw new Failure(`${url.origin} needs an API key. ${HOW_TO_GET_A_KEY}`, EXIT.key);
  const origin = { origin: url.origin };
  const response = await call({ url, headers: origin }, "/api/v1/auth/loopback", { method: "POST" });
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .join("; ");
  if (!response.ok || cookie === "") throw new Failure(`This Margay does not sign in by itself. ${HOW_TO_GET_A_KEY}`, EXIT.key);
  return { url, headers: { ...headers, ...origin, cookie } };
}

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

/** Shows the events of one turn as they come. Text already shown cannot be taken back, so a step that starts over begins a new line. */
class Screen {
  #atLineStart = true;
  #step: number | null = null;
  #shown = false;

  show(event: TurnEvent): void {
    if (event.type === "step") {
      if (event.step !== this.#step || this.#shown) this.#newLine();
      this.#step = event.step;
    } else if (event.type === "text") this.#text(event.delta);
    else if (event.type === "tool_call") this.#note(dim(`→ ${plain(event.tool)} ${shorten(plain(JSON.stringify(event.input) ?? ""))}`));
    else if (event.type === "tool_result")
      this.#note(event.status === "done" ? dim(`✓ ${plain(event.summary)}`) : red(`✗ ${plain(event.summary)}`));
    else if (event.type === "notice") this.#note(dim(plain(event.message)));
    else {
      if (!this.#shown) this.#text(event.text);
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
        if (parsed.data.type === "end") return parsed.data.status === "done" ? EXIT.answered : EXIT.failed;
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
  return EXIT.answered;
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
    return EXIT.answered;
  }
  const address = values.url ?? process.env["MARGAY_URL"] ?? "http://localhost:8787";
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Failure(`"${address}" is not an http or https address.`, EXIT.usage);
  const key = values.key ?? process.env["MARGAY_KEY"];
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) throw new Failure("The key holds characters that no key has.", EXIT.usage);
  if (key !== undefined && url.protocol === "http:" && !isLocal(url)) throw new Failure("A key is only sent over https.", EXIT.usage);
  if (values.tier !== undefined && !["fast", "smart", "vision"].includes(values.tier))
    throw new Failure("--tier is fast, smart or vision.", EXIT.usage);
  const server = await connect(url, key === "" ? undefined : key);
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
