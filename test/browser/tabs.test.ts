import { beforeEach, describe, expect, test } from "vitest";
import { Tabs } from "../../src/browser/tabs.ts";
import { type FakeDevtools, fakeDevtools } from "./fake-devtools.ts";

let browser: FakeDevtools;
let tabs: Tabs;

const attach = async (type: string, sessionId: string, parent?: string): Promise<void> => {
  const targetInfo = { targetId: `target of ${sessionId}`, type, url: "", browserContextId: "c" };
  await browser.tell("Target.attachedToTarget", { sessionId, targetInfo }, parent);
};
const commands = (session: string): string[] => browser.sent.flatMap(({ method, sessionId }) => (sessionId === session ? [method] : []));
const closed = (): unknown[] => browser.sent.flatMap(({ method, params }) => (method === "Target.closeTarget" ? [params["targetId"]] : []));
const RUN = "Runtime.runIfWaitingForDebugger";

beforeEach(async () => {
  browser = fakeDevtools();
  browser.answer = ({ method, sessionId }) =>
    method === "Page.getFrameTree"
      ? { frameTree: { frame: { id: `target of ${sessionId}`, loaderId: "l", url: "https://example.com/" } } }
      : { result: { value: true } };
  tabs = new Tabs(browser.cdp, "c");
  await attach("page", "page");
});

describe("workers", () => {
  test("run once their sockets are away and what they do at the network is heard", async () => {
    await attach("worker", "worker", "page");
    await attach("worker", "inner", "worker");
    for (const session of ["worker", "inner"]) {
      expect(commands(session)).toEqual(["Runtime.evaluate", "Network.enable", "Target.setAutoAttach", RUN]);
    }
  });

  test.each([
    ["that keep a socket", { result: { value: false } }],
    ["that cannot be spoken to", { error: { message: "no" } }],
  ])("%s do not run", async (_, said) => {
    browser.answer = ({ method }) => (method === "Runtime.evaluate" ? said : {});
    await attach("shared_worker", "shared");
    expect(commands("shared")).not.toContain(RUN);
    expect(closed()).toEqual(["target of shared"]);
  });

  test("that serve pages which are gone do not run at all", async () => {
    await attach("service_worker", "service");
    expect(commands("service")).toEqual([]);
    expect(closed()).toEqual(["target of service"]);
  });

  test.each(["Network.webSocketCreated", "Network.webTransportCreated"])("that found a socket end with their tab: %s", async (method) => {
    await attach("page", "other");
    await attach("worker", "worker", "page");
    await attach("worker", "inner", "worker");
    await browser.tell(method, { url: "wss://example.com/" }, "inner");
    expect(closed()).toEqual(["target of page"]);
    expect(tabs.all().map(({ session }) => session)).toEqual(["other"]);
  });

  test("of which nobody knows whose they are take all tabs with them when they found one", async () => {
    await attach("page", "other");
    await attach("shared_worker", "shared");
    await browser.tell("Network.webSocketCreated", { url: "wss://example.com/" }, "shared");
    expect(closed()).toEqual(["target of page", "target of other", "target of shared"]);
    expect(tabs.all()).toEqual([]);
  });
});
