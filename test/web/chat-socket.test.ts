import { describe, expect, it } from "vitest";
import type { ServerFrame } from "../../src/channels/socket-protocol.ts";
import {
  ChatSocket,
  FIRST_DELAY,
  LONGEST_DELAY,
  PING_EVERY,
  PONG_WITHIN,
  type SocketHandlers,
  type SocketLike,
  backoff,
} from "../../src/web/chat/chat-socket.ts";

class FakeSocket implements SocketLike {
  readyState = 0;
  sent: unknown[] = [];
  constructor(private readonly handlers: SocketHandlers) {}
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.handlers.onOpen();
  }
  drops() {
    this.readyState = 3;
    this.handlers.onClose();
  }
  says(data: unknown) {
    this.handlers.onMessage(data);
  }
}

const READY = JSON.stringify({ type: "ready", conversation_id: "c", last_seq: 0, running: null });

/** A socket with a clock that is moved by hand. */
function rig() {
  const sockets: FakeSocket[] = [];
  const frames: ServerFrame[] = [];
  const connections: string[] = [];
  const timers = new Map<number, { work: () => void; at: number }>();
  let now = 0;
  let ids = 0;
  let refused = 0;
  const socket = new ChatSocket({
    open(handlers) {
      const made = new FakeSocket(handlers);
      sockets.push(made);
      return made;
    },
    onFrame: (frame) => frames.push(frame),
    onConnection: (connection) => connections.push(connection),
    onRefused: () => {
      refused += 1;
    },
    random: () => 0,
    setTimer(work, ms) {
      ids += 1;
      timers.set(ids, { work, at: now + ms });
      return ids;
    },
    clearTimer(timer) {
      if (typeof timer === "number") timers.delete(timer);
    },
  });
  const pass = (ms: number) => {
    now += ms;
    for (const [id, timer] of timers) {
      if (timer.at > now) continue;
      timers.delete(id);
      timer.work();
    }
  };
  return { socket, sockets, frames, connections, pass, refusals: () => refused, timers };
}

describe("ChatSocket", () => {
  it("hands over frames that parse and ignores everything else", () => {
    const { socket, sockets, frames } = rig();
    socket.connect();
    sockets[0]?.opens();
    for (const data of [READY, "{", "null", '{"type":"nonsense"}', '{"type":"ready"}', 7]) sockets[0]?.says(data);
    expect(frames.map((frame) => frame.type)).toEqual(["ready"]);
  });

  it("sends only while the connection is open", () => {
    const { socket, sockets } = rig();
    socket.connect();
    expect(socket.send({ type: "ping" })).toBe(false);
    sockets[0]?.opens();
    expect(socket.send({ type: "ping" })).toBe(true);
    expect(sockets[0]?.sent).toEqual([{ type: "ping" }]);
  });

  it("opens again after a drop, with growing pauses, and starts over once it was ready", () => {
    const { socket, sockets, pass } = rig();
    socket.connect();
    sockets[0]?.opens();
    sockets[0]?.says(READY);
    sockets[0]?.drops();
    pass(FIRST_DELAY / 2 - 1);
    expect(sockets).toHaveLength(1);
    pass(1);
    expect(sockets).toHaveLength(2);
    sockets[1]?.drops();
    pass(FIRST_DELAY / 2);
    expect(sockets).toHaveLength(2);
    pass(FIRST_DELAY / 2);
    expect(sockets).toHaveLength(3);
  });

  it("tells a refused connection from a dropped one", () => {
    const { socket, sockets, refusals, pass } = rig();
    socket.connect();
    sockets[0]?.opens();
    sockets[0]?.drops();
    expect(refusals()).toBe(0);
    pass(LONGEST_DELAY);
    sockets[1]?.drops();
    expect(refusals()).toBe(1);
  });

  it("notices a connection that has gone silent", () => {
    const { socket, sockets, connections, pass } = rig();
    socket.connect();
    sockets[0]?.opens();
    sockets[0]?.says(READY);
    pass(PING_EVERY);
    expect(sockets[0]?.sent).toEqual([{ type: "ping" }]);
    pass(PONG_WITHIN);
    expect(connections).toEqual(["open", "lost"]);
  });

  it("keeps a connection whose ping is answered", () => {
    const { socket, sockets, connections, pass } = rig();
    socket.connect();
    sockets[0]?.opens();
    sockets[0]?.says(READY);
    pass(PING_EVERY);
    sockets[0]?.says('{"type":"pong"}');
    pass(PONG_WITHIN);
    expect(connections).toEqual(["open"]);
  });

  it("does not wait when told to hurry", () => {
    const { socket, sockets } = rig();
    socket.connect();
    sockets[0]?.drops();
    socket.hurry();
    expect(sockets).toHaveLength(2);
  });

  it("stays closed after stop()", () => {
    const { socket, sockets, pass, timers } = rig();
    socket.connect();
    sockets[0]?.opens();
    socket.stop();
    sockets[0]?.drops();
    pass(LONGEST_DELAY * 4);
    socket.hurry();
    expect(sockets).toHaveLength(1);
    expect(timers.size).toBe(0);
  });
});

describe("backoff()", () => {
  it("doubles to a limit and never falls below half", () => {
    expect([1, 2, 3, 20].map((attempt) => backoff(attempt, 1))).toEqual([FIRST_DELAY, FIRST_DELAY * 2, FIRST_DELAY * 4, LONGEST_DELAY]);
    expect(backoff(1, 0)).toBe(FIRST_DELAY / 2);
  });
});
