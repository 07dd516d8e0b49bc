import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { Cdp } from "../../src/browser/cdp.ts";
import { Tabs } from "../../src/browser/tabs.ts";

const Command = z.object({
  id: z.number(),
  method: z.string(),
  params: z.record(z.string(), z.unknown()),
  sessionId: z.string().optional(),
});

let sent: z.infer<typeof Command>[];
/** What the browser says to a command. */
let answer: (command: z.infer<typeof Command>) => object;
let hear: (method: string, params: object, sessionId?: string) => void;
let tabs: Tabs;

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const attach = async (type: string, sessionId: string, parent?: string): Promise<void> => {
  const targetInfo = { targetId: `target of ${sessionId}`, type, url: "", browserContextId: "c" };
  hear("Target.attachedToTarget", { sessionId, targetInfo }, parent);
  await settled();
};
const commands = (session: string): string[] => sent.flatMap(({ method, sessionId }) => (sessionId === session ? [method] : []));
const closed = (): unknown[] => sent.flatMap(({ method, params }) => (method === "Target.closeTarget" ? [params["targetId"]] : []));
const RUN = "Runtime.runIfWaitingForDebugger";

beforeEach(async () => {
  sent = [];
  answer = ({ method, sessionId }) =>
    method === "Page.getFrameTree"
      ? { frameTree: { frame: { id: `target of ${sessionId}`, loaderId: "l", url: "https://example.com/" } } }
      : { result: { value: true } };
  let receive = (_: string): void => undefined;
  const socket = {
    send(text: string): void {
      const command = Command.parse(JSON.parse(text));
      sent.push(command);
      queueMicrotask(() => receive(JSON.stringify({ id: command.id, ...wrapped(answer(command)) })));
    },
    onMessage: (listener: (text: string) => void) => void (receive = listener),
    onClose: () => undefined,
    close: () => undefined,
  };
  const wrapped = (said: object): object => ("error" in said ? said : { result: said });
  hear = (method, params, sessionId) => receive(JSON.stringify({ method, params, sessionId }));
  tabs = new Tabs(new Cdp(socket), "c");
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
    answer = ({ method }) => (method === "Runtime.evaluate" ? said : {});
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
    hear(method, { url: "wss://example.com/" }, "inner");
    expect(closed()).toEqual(["target of page"]);
    expect(tabs.all().map(({ session }) => session)).toEqual(["other"]);
  });

  test("of which nobody knows whose they are take all tabs with them when they found one", async () => {
    await attach("page", "other");
    await attach("shared_worker", "shared");
    hear("Network.webSocketCreated", { url: "wss://example.com/" }, "shared");
    expect(closed()).toEqual(["target of page", "target of other", "target of shared"]);
    expect(tabs.all()).toEqual([]);
  });
});
