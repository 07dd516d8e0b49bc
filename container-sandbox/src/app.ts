import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import type { z } from "zod";
import {
  CONTRACT_VERSION,
  type ExecEvent,
  ExecRequest,
  type Health,
  PathsRequest,
  type SandboxErrorCode,
  SessionRequest,
  SignalRequest,
  StdinRequest,
  WORK_FOLDER,
} from "../../src/sandbox/linux/contract.ts";
import { Command } from "./command.ts";
import { Failure } from "./failure.ts";
import { deleteFiles, listFiles, readFiles, writeFiles } from "./file-work.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import type { Settings } from "./settings.ts";

/** JSON that a request may bring: the longest is a command with its input. */
const MOST_JSON = 24 * 1024 * 1024;

export interface Served {
  sessions: Sessions;
  settings: Settings;
  limitsBy: Health["limitsBy"];
}

/** Every address of the server. All but `/health` need the token. */
export function createApp({ sessions, settings, limitsBy }: Served): Hono {
  const app = new Hono();
  const running = new Map<string, Command>();

  app.onError((error, c) => {
    if (error instanceof Failure) {
      // What is left of its body is not read: the connection is no good for another request.
      if (error.code === "payload_too_large") c.header("connection", "close");
      return c.json(failure(error.code, error.message), error.status);
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return c.json(failure("internal", "Something went wrong in the sandbox's server."), 500);
  });
  app.notFound((c) => c.json(failure("not_found", "There is nothing at this address."), 404));

  app.get("/health", (c) => {
    const { defaults, most, sessions: count, idleMs, uploadBytes, isolation, proxy } = settings;
    const health: Health = {
      ok: true,
      version: CONTRACT_VERSION,
      isolation,
      limits: { defaults, most, sessions: count, idleMs, uploadBytes },
      sessions: sessions.count,
      proxy: proxy !== null,
      limitsBy,
    };
    return c.json(health);
  });

  const expected = digest(settings.token);
  app.use("/v1/*", async (c, next) => {
    const given = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!timingSafeEqual(digest(given), expected)) throw new Failure("unauthorized", "The token is missing or wrong.");
    await next();
  });

  app.post("/v1/sessions", async (c) => {
    const session = await sessions.create(await body(c.req.raw, SessionRequest));
    return c.json({ id: session.id, limits: session.limits, workFolder: WORK_FOLDER }, 201);
  });
  app.delete("/v1/sessions/:id", async (c) => {
    await sessions.end(c.req.param("id"));
    return c.body(null, 204);
  });

  app.post("/v1/sessions/:id/exec", async (c) => {
    const id = c.req.param("id");
    const request = await body(c.req.raw, ExecRequest);
    const session = sessions.find(id);
    const command = new Command(session, session.take(), request);
    const key = `${id}/${command.id}`;
    running.set(key, command);
    const { stream, sink, close } = lines(() => command.end("killed"));
    const begun = Promise.withResolvers<void>();
    void sessions
      .use(id, () =>
        command.run((event) => {
          begun.resolve();
          return sink(event);
        }, settings.proxy),
      )
      .catch((error: unknown) => {
        begun.reject(error);
        void session.end();
      })
      .finally(() => {
        running.delete(key);
        session.give();
        begun.resolve();
        close();
      });
    // What is refused before the command starts is an error with a status, not a line.
    await begun.promise;
    return new Response(stream, { headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" } });
  });
  const commandOf = (id: string, execId: string): Command => {
    sessions.find(id);
    const command = running.get(`${id}/${execId}`);
    if (command === undefined) throw new Failure("not_found", "This command is over.");
    return command;
  };
  app.post("/v1/sessions/:id/exec/:execId/stdin", async (c) => {
    const { text, base64, end } = await body(c.req.raw, StdinRequest);
    const data = base64 !== undefined ? Buffer.from(base64, "base64") : Buffer.from(text ?? "", "utf8");
    await commandOf(c.req.param("id"), c.req.param("execId")).stdin(data, end === true);
    return c.body(null, 204);
  });
  app.post("/v1/sessions/:id/exec/:execId/signal", async (c) => {
    const { signal } = await body(c.req.raw, SignalRequest);
    commandOf(c.req.param("id"), c.req.param("execId")).signal(signal);
    return c.body(null, 204);
  });

  app.get("/v1/sessions/:id/files", async (c) => c.json(await sessions.use(c.req.param("id"), listFiles)));
  app.put("/v1/sessions/:id/files", async (c) => {
    const stream = c.req.raw.body;
    if (stream === null) throw new Failure("invalid_request", "The body must be a zip.");
    return c.json(await sessions.use(c.req.param("id"), (session) => writeFiles(session, received(stream), settings.uploadBytes)));
  });
  app.post("/v1/sessions/:id/files/read", async (c) => {
    const { paths } = await body(c.req.raw, PathsRequest);
    return zipOf(sessions, c.req.param("id"), paths);
  });
  app.post("/v1/sessions/:id/files/delete", async (c) => {
    const { paths } = await body(c.req.raw, PathsRequest);
    return c.json(await sessions.use(c.req.param("id"), (session: Session) => deleteFiles(session, paths)));
  });
  return app;
}

const failure = (code: SandboxErrorCode, message: string) => ({ error: { code, message } });
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** A body as it comes. A client that goes away in the middle is no fault of ours. */
async function* received(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream === null) return;
  try {
    yield* stream;
  } catch {
    throw new Failure("invalid_request", "The request was cut off.");
  }
}

/** Reads and parses a body of bounded size. */
async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of received(request.body)) {
    size += part.length;
    if (size > MOST_JSON) throw new Failure("payload_too_large", "The request is too large.");
    parts.push(part);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw new Failure("invalid_request", "The body must be JSON.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new Failure(
    "invalid_request",
    `${where === "" ? "The request" : where.slice(0, 200)} is not valid: ${issue?.message.slice(0, 300) ?? "?"}`,
  );
}

/** A stream of JSON lines that is only as fast as its reader; `cancelled` when the reader goes away. */
function lines(cancelled: () => void): { stream: ReadableStream<Uint8Array>; sink(event: ExecEvent): Promise<void>; close(): void } {
  let over = false;
  let pulled = Promise.withResolvers<void>();
  let out: ReadableStreamDefaultController<Uint8Array> | null = null;
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => void (out = controller),
      pull: () => pulled.resolve(),
      cancel: () => {
        over = true;
        pulled.resolve();
        cancelled();
      },
    },
    { highWaterMark: 16 },
  );
  return {
    stream,
    sink: async (event) => {
      if (over || out === null) return;
      out.enqueue(Buffer.from(`${JSON.stringify(event)}\n`, "utf8"));
      if ((out.desiredSize ?? 0) > 0) return;
      pulled = Promise.withResolvers<void>();
      await pulled.promise;
    },
    close: () => {
      if (!over) out?.close();
      over = true;
    },
  };
}

/** The files of a session as they are packed. What goes wrong in the middle cuts the answer off. */
async function zipOf(sessions: Sessions, id: string, paths: string[]): Promise<Response> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const begun = Promise.withResolvers<void>();
  void sessions
    .use(id, (session) =>
      readFiles(session, paths, async (bytes) => {
        begun.resolve();
        // A reader that has gone away does not keep the agent from finishing.
        await writer.write(bytes).catch(() => {});
      }),
    )
    .then(
      () => writer.close().catch(() => {}),
      (error: unknown) => {
        begun.reject(error);
        return writer.abort(error).catch(() => {});
      },
    )
    .finally(() => begun.resolve());
  await begun.promise;
  return new Response(readable, { headers: { "content-type": "application/zip", "cache-control": "no-store" } });
}
