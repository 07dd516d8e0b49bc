import { type CapabilityWebSocketUpgradeContext, LifecycleCapability, type WSMessage } from "agents/lifecycle";
import { z } from "zod";
import { Role, Via } from "../src/auth/principal.ts";
import type { Caller } from "../src/auth/principal.ts";
import type { ServerFrame } from "../src/channels/socket-protocol.ts";

const Attachment = z.object({
  caller: z.object({ userId: z.string(), authVersion: z.number(), via: Via, role: Role, expiresAt: z.number().nullable().default(null) }),
});

export interface SocketHandlers {
  /** A page connected: the first frames it gets. Null refuses it. */
  onOpen(caller: Caller): ServerFrame[] | null;
  onFrame(caller: Caller, text: string, send: (frame: ServerFrame) => void): Promise<void>;
}

/** Close code: the sign-in behind this socket is no longer good; connect again to sign in again. */
export const SIGN_IN_AGAIN = 4401;

/**
 * The page's WebSockets, hibernating, with a protocol of our own. Only the Worker reaches this: it builds the upgrade request itself and puts the
 * verified caller in `x-margay-caller`; nothing of the client's headers comes along.
 */
export class Sockets extends LifecycleCapability {
  constructor(private readonly handlers: SocketHandlers) {
    super("margay-sockets");
  }

  onWebSocketUpgrade({ request }: CapabilityWebSocketUpgradeContext): Response | undefined {
    if (new URL(request.url).pathname !== "/socket") return undefined;
    const parsed = Attachment.shape.caller.safeParse(JSON.parse(request.headers.get("x-margay-caller") ?? "null"));
    const frames = parsed.success ? this.handlers.onOpen(parsed.data) : null;
    if (!parsed.success || frames === null) return new Response(null, { status: 401 });
    const [client, server] = Object.values(new WebSocketPair());
    if (!client || !server) return new Response(null, { status: 500 });
    this.lifecycle.sockets.accept(server, ["page"]);
    server.serializeAttachment({ caller: parsed.data });
    for (const frame of frames) server.send(JSON.stringify(frame));
    return new Response(null, { status: 101, webSocket: client });
  }

  async onWebSocketMessage(socket: WebSocket, message: WSMessage): Promise<boolean> {
    const attachment = Attachment.safeParse(socket.deserializeAttachment());
    if (!attachment.success) return false;
    if (expired(socket)) return true;
    const send = (frame: ServerFrame): void => {
      try {
        socket.send(JSON.stringify(frame));
      } catch {
        // Closed meanwhile; the page resumes when it is back.
      }
    };
    if (typeof message !== "string")
      send({ type: "error", id: null, error: { code: "invalid_request", message: "Frames are JSON text." } });
    else await this.handlers.onFrame(attachment.data.caller, message, send);
    return true;
  }

  onWebSocketClose(socket: WebSocket, code: number): boolean {
    if (!Attachment.safeParse(socket.deserializeAttachment()).success) return false;
    try {
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // Already closed.
    }
    return true;
  }

  broadcast(frame: ServerFrame): void {
    const sockets = this.lifecycleServices?.sockets.get("page") ?? [];
    if (sockets.length === 0) return;
    const text = JSON.stringify(frame);
    for (const socket of sockets) {
      if (expired(socket)) continue;
      try {
        socket.send(text);
      } catch {
        // Closed meanwhile; the page resumes when it is back.
      }
    }
  }

  /** Ends every connection, so that each signs in again. */
  closeAll(): void {
    for (const socket of this.lifecycleServices?.sockets.get("page") ?? []) endSocket(socket);
  }
}

const endSocket = (socket: WebSocket): void => socket.close(SIGN_IN_AGAIN, "Sign in again.");

/** When connections end, read from their attachments once: a fast answer is hundreds of frames. */
const ends = new WeakMap<WebSocket, number>();

function endOf(socket: WebSocket): number {
  const known = ends.get(socket);
  if (known !== undefined) return known;
  const attachment = Attachment.safeParse(socket.deserializeAttachment());
  const end = attachment.success ? (attachment.data.caller.expiresAt ?? Number.POSITIVE_INFINITY) : 0;
  ends.set(socket, end);
  return end;
}

/** Whether the session or key behind a connection is over; then the connection is too. */
function expired(socket: WebSocket): boolean {
  if (endOf(socket) > Date.now()) return false;
  endSocket(socket);
  return true;
}
