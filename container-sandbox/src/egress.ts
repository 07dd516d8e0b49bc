import { lookup } from "node:dns/promises";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isPublicAddress } from "./public-address.ts";

/** The one way out that a command was given. Closing it ends every connection. */
export interface Egress {
  /** Where it listens when that is a port. */
  port: number;
  close(): Promise<void>;
}

const PORTS = new Set([80, 443]);
const CONNECT_MS = 15_000;

/**
 * An HTTP proxy for one command: it connects to `hosts` (exact names), ports 80 and 443, and to nothing else. `by`: the proxy that it asks in turn
 * (`http://host:port`), or `direct`, then only to public addresses.
 */
export async function openEgress(listen: { path: string } | { port: 0; host: string }, hosts: string[], by: string): Promise<Egress> {
  const allowed = new Set(hosts);
  const sockets = new Set<Duplex>();
  const keep = <T extends Duplex>(socket: T): T => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    return socket;
  };
  const server = createServer((request, response) => void plain(request, response, allowed, by, keep));
  server.on("connection", keep);
  server.on("connect", (request, socket, head) => void tunnel(request, keep(socket), head, allowed, by, keep));
  server.on("clientError", (_error, socket) => socket.destroy());
  if ("path" in listen) rmSync(listen.path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen, resolve);
  });
  // The folder is the session's alone; the socket in it may be anybody's who gets there.
  if ("path" in listen) chmodSync(listen.path, 0o666);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if ("path" in listen) rmSync(listen.path, { force: true });
    },
  };
}

type Keep = <T extends Duplex>(socket: T) => T;

/** `CONNECT host:port`: TLS, which is passed through unread. */
async function tunnel(request: IncomingMessage, socket: Duplex, head: Buffer, allowed: Set<string>, by: string, keep: Keep): Promise<void> {
  const [, host = "", port = ""] = /^([a-zA-Z0-9.-]{1,253}):(\d{1,5})$/.exec(request.url ?? "") ?? [];
  if (!allowed.has(host.toLowerCase()) || !PORTS.has(Number(port))) {
    socket.end(
      "HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nThis host was not allowed for this command.\n",
    );
    return;
  }
  try {
    const far = keep(await (by === "direct" ? connectDirectly(host, Number(port)) : connectThrough(by, host, Number(port))));
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) far.write(head);
    socket.pipe(far).pipe(socket);
    socket.once("close", () => far.destroy());
    far.once("close", () => socket.destroy());
  } catch {
    socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
  }
}

/** `GET http://host/…`. */
async function plain(request: IncomingMessage, response: ServerResponse, allowed: Set<string>, by: string, keep: Keep): Promise<void> {
  const refuse = (status: number, words: string) =>
    void response.writeHead(status, { "content-type": "text/plain", connection: "close" }).end(`${words}\n`);
  const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : null;
  if (url === null || url.protocol !== "http:" || !allowed.has(url.hostname) || (url.port !== "" && url.port !== "80"))
    return refuse(403, "This host was not allowed for this command.");
  try {
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !/^(proxy-|connection$|keep-alive$|upgrade$)/.test(name)),
    );
    const target =
      by === "direct"
        ? { host: await publicAddress(url.hostname), port: 80, path: `${url.pathname}${url.search}` }
        : { host: new URL(by).hostname, port: Number(new URL(by).port || 80), path: url.href };
    const onward = httpRequest({ ...target, method: request.method, headers: { ...headers, host: url.host }, agent: false });
    onward.once("socket", keep);
    onward.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => (response.headersSent ? response.destroy() : refuse(502, "The host did not answer.")));
    request.pipe(onward);
  } catch {
    refuse(502, "The host did not answer.");
  }
}

async function publicAddress(host: string): Promise<string> {
  const { address } = await lookup(host);
  // A name that leads into the machine's own network would make the sandbox's way out a way in.
  if (!isPublicAddress(address)) throw new Error("not a public address");
  return address;
}

async function connectDirectly(host: string, port: number): Promise<Socket> {
  return connected(connect({ host: await publicAddress(host), port }));
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error("no answer")), CONNECT_MS);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function connectThrough(proxy: string, host: string, port: number): Promise<Socket> {
  const { hostname, port: proxyPort, username, password } = new URL(proxy);
  const credentials =
    username === ""
      ? {}
      : {
          "proxy-authorization": `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`,
        };
  const name = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const asking = httpRequest({
      host: hostname,
      port: Number(proxyPort || 80),
      method: "CONNECT",
      path: name,
      headers: { host: name, ...credentials },
      agent: false,
      timeout: CONNECT_MS,
    });
    asking.once("connect", (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error("the proxy refused"));
      }
    });
    asking.once("timeout", () => asking.destroy(new Error("no answer")));
    asking.once("response", () => reject(new Error("the proxy refused")));
    asking.once("error", reject);
    asking.end();
  });
}
