import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Egress } from "../../src/egress/client.ts";

export interface Page {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}
/** What an address answers; a function sees the headers of the request. */
export type Pages = Record<string, Page | ((headers: Record<string, string | string[] | undefined>) => Page)>;

/**
 * A scripted web on loopback: `pages` by their whole address, which may be changed meanwhile; anything else is a 404. `egress` is the product's own, for which every public name leads there.
 */
export async function startWeb(pages: Pages) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const address = `https://${String(request.headers["x-test-host"])}${request.url ?? ""}`;
    asked.push(address);
    const page = pages[address];
    const {
      status = 200,
      headers = {},
      body = "",
    } = (typeof page === "function" ? page(request.headers) : page) ?? { status: 404, body: "Not found" };
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers });
    response.end(status === 304 ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const egress = new Egress({
    resolve: async () => ({ kind: "addresses", addresses: ["93.184.216.34"] }),
    fetch(url, init) {
      const { host, pathname, search } = new URL(url);
      const headers = new Headers(init.headers);
      headers.set("x-test-host", host);
      return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { ...init, headers });
    },
  });
  return { egress, asked, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
