import { beforeEach, expect, test } from "vitest";
import { NetworkGuard } from "../../src/browser/network-guard.ts";
import { carriedBy } from "../../src/browser/carried.ts";
import { type FakeDevtools, fakeDevtools } from "./fake-devtools.ts";

const PAY = "https://shop.example.com/pay";
let browser: FakeDevtools;
let guard: NetworkGuard;
beforeEach(() => {
  browser = fakeDevtools();
  guard = new NetworkGuard(browser.cdp, { resolve: async () => ({ kind: "unknown" }), now: () => 0 });
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const shown = (body: string) => [{ method: "POST", url: PAY, carried: carriedBy(PAY, "", [base64(body)], true) }];
/** What became of a request: it leaves, or does not. */
async function ask(
  requestId: string,
  body: string | null,
  { method = "POST", from, headers = {} }: { method?: string; from?: string; headers?: object } = {},
) {
  const request = {
    url: PAY,
    method,
    headers,
    hasPostData: body !== null,
    postDataEntries: body === null ? [] : [{ bytes: base64(body) }],
  };
  await browser.tell("Fetch.requestPaused", { requestId, request, resourceType: "XHR", redirectedRequestId: from });
  return browser.sent.findLast(({ params }) => params["requestId"] === requestId)?.method === "Fetch.continueRequest";
}

test("one yes lets a request out once, and what it is led on to by its server", async () => {
  await guard.allowing(shown("pens=1"), async () => {
    expect(await ask("1", "pens=1")).toBe(true);
    expect(await ask("2", "pens=1")).toBe(false);
    expect(await ask("3", "pens=1", { from: "1" })).toBe(true);
    expect(await ask("4", "pens=2", { from: "3" })).toBe(false);
  });
  expect(await ask("5", "pens=1", { from: "1" })).toBe(false);
  const { sent, held } = guard.take();
  expect([sent.length, held.map(({ differs }) => differs)]).toEqual([2, [undefined, '"pens=2"', undefined]]);
});

test("that a site is asked first whether a request may be sent is not that it was sent", async () => {
  const preflight = { method: "OPTIONS", headers: { "Access-Control-Request-Method": "POST" } };
  expect(await ask("1", null, preflight)).toBe(false);
  guard.take();
  await guard.allowing(shown('{"pens":1}'), async () => {
    expect(await ask("2", null, preflight)).toBe(true);
    expect(await ask("3", '{"pens":1}')).toBe(true);
  });
  expect(guard.take().sent.map(({ method }) => method)).toEqual(["POST"]);
});
