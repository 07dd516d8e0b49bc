import type { Line } from "./converse.ts";

/** A WebSocket as the way to an isolate. `closed`: what else is to be done when it is closed from here. */
export function socketLine(socket: WebSocket, closed: () => void = () => undefined): Line {
  socket.accept();
  return {
    send: (text) => socket.send(text),
    close() {
      socket.close(1000);
      closed();
    },
    listen({ message, gone }) {
      socket.addEventListener("message", ({ data }) => message(data));
      socket.addEventListener("close", gone);
      socket.addEventListener("error", gone);
    },
  };
}
