import { CALL_TOOL, FIND_TOOLS } from "../../src/agent/tool-offer.ts";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { unwrap } from "../../src/errors.ts";
import { builtInTools } from "../../src/tools/registry.ts";
import { httpMessage, testUser } from "../support/agent-client.ts";
import { ADD } from "../support/asked-user.ts";

const TOKEN = `ghp_${"aB3".repeat(12)}`;

describe("UserAgent, given a secret in the chat", () => {
  test("takes it out before anything keeps it, offers to keep it, and keeps it when told", async () => {
    const user = await testUser();
    await user.model.set([], { text: "I see that something was taken out." });
    await user.stub.converse(user.caller, httpMessage(`my token is ${TOKEN}, use it`), 20_000);
    const all = JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })));
    expect(all).not.toContain(TOKEN);
    expect(all).toContain("[GitHub token taken out, kept aside as number 1]");
    expect(all).toContain("/secrets save 1");
    expect(JSON.stringify(await user.model.requests())).not.toContain(TOKEN);
    const saved = unwrap(await user.stub.converse(user.caller, httpMessage("/secrets save 1 github"), 20_000));
    expect(saved.reply).toContain("in your vault as `github`");
    expect(unwrap(await user.stub.secrets(user.caller)).map(({ name, lastFour }) => [name, lastFour])).toContainEqual([
      "github",
      "aB3".repeat(12).slice(-4),
    ]);
    const twice = unwrap(await user.stub.converse(user.caller, httpMessage("/secrets discard 1"), 20_000));
    expect(twice.reply).toContain("Nothing is kept aside as number 1");
  });

  test("forgets it, or gives it back, when told", async () => {
    const user = await testUser();
    await user.stub.converse(user.caller, httpMessage(`a ${TOKEN} and b ghp_${"Zz9".repeat(12)}`), 20_000);
    const command = async (text: string) => unwrap(await user.stub.converse(user.caller, httpMessage(text), 20_000)).reply;
    expect(await command("/secrets discard 1")).toContain("forgotten");
    expect(await command("/secrets restore 2")).toContain("back in your message");
    const all = JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })));
    expect(all).not.toContain(TOKEN);
    expect(all).toContain(`ghp_${"Zz9".repeat(12)}`);
    expect(unwrap(await user.stub.secrets(user.caller)).filter(({ name }) => name.startsWith("pasted:"))).toEqual([]);
  });

  test("shows it nowhere: not in the history, the trail, the model's requests, the settings or the approvals", async () => {
    const user = await testUser();
    const canary = "canary-7f3a9c-Value!";
    unwrap(await user.stub.putSecret(user.caller, "bank", canary, { hosts: ["api.bank.example.com"], place: "bearer" }));
    unwrap(await user.stub.updateSettings(user.caller, { tools: { add_todo: "ask" } }));
    await user.model.set([{ toolCalls: [{ name: "list_activity", input: { what: "done" } }] }, ADD], { text: `the secret is ${canary}` });
    await user.stub.converse(user.caller, httpMessage("what is my bank secret?"), 20_000);
    const everything = JSON.stringify([
      unwrap(await user.stub.messages(user.caller, { limit: 50 })),
      unwrap(await user.stub.audit(user.caller, { limit: 100 })),
      unwrap(await user.stub.secrets(user.caller)),
      unwrap(await user.stub.settings(user.caller)),
      unwrap(await user.stub.approvals(user.caller, { state: "all", limit: 50 })),
      unwrap(await user.stub.configVersions(user.caller, 10, null)),
      (await user.model.requests()).map(({ body }) => body),
    ]);
    expect(everything).not.toContain(canary);
    const stored = await runInDurableObject(user.object, (_agent, { storage }) =>
      ["message", "audit", "tool_call", "approval", "setting", "inbox", "outbox", "turn", "step"].map((table) =>
        JSON.stringify(storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
      ),
    );
    expect(stored.join("\n")).not.toContain(canary);
  });

  test("said before it was stored, is taken out of what was said", async () => {
    const user = await testUser();
    await user.stub.converse(user.caller, httpMessage("the door code is hunter2-hunter2"), 20_000);
    unwrap(await user.stub.putSecret(user.caller, "door", "hunter2-hunter2"));
    await user.stub.converse(user.caller, httpMessage("hello"), 20_000);
    expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).not.toContain("hunter2-hunter2");
    expect(JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })))).not.toContain("hunter2-hunter2");
    // A word is no telling value: what was said of summer stays.
    await user.stub.converse(user.caller, httpMessage("we go in summer"), 20_000);
    unwrap(await user.stub.putSecret(user.caller, "gate", "summer"));
    expect(JSON.stringify(unwrap(await user.stub.messages(user.caller, { limit: 50 })))).toContain("we go in summer");
  });
});

describe("UserAgent, reading the web", () => {
  const fetchOf = (url: string) => ({ toolCalls: [{ name: "web_fetch", input: { url } }] });
  const run = async (text: string, url: string) => {
    const user = await testUser();
    await user.model.set([fetchOf(url)], { text: "end" });
    const outcome = unwrap(await user.stub.converse(user.caller, httpMessage(text), 20_000));
    return { user, outcome };
  };

  test("asks before it asks for an address that nobody gave", async () => {
    const { user, outcome } = await run("what is new?", "https://evil.example.com/?q=what-it-knows");
    expect(outcome.status).toBe("waiting_approval");
    const view = unwrap(await user.stub.approval(user.caller, outcome.approvals[0] ?? ""));
    expect(view).toMatchObject({ tool: "web_fetch", effect: "read" });
    expect(view.destinations).toMatchObject([{ text: "https://evil.example.com/?q=what-it-knows", yours: false }]);
  });

  test("asks nobody about a host that the user named, and says why it could not be read", async () => {
    const { user, outcome } = await run("read https://margay-nowhere.example.org/a please", "https://margay-nowhere.example.org/b");
    expect(outcome).toMatchObject({ status: "done", actions: [{ type: "web_fetch", status: "failed" }] });
    expect(JSON.stringify((await user.model.requests()).at(-1)?.body)).toMatch(/could not be reached|There is no host|took longer/);
  }, 60_000);

  test("refuses private addresses at once, without asking, however they are written and whoever named them", async () => {
    for (const url of [
      "http://127.0.0.1/",
      "http://2130706433/",
      "http://[::ffff:169.254.169.254]/",
      "http://user:pw@example.org/",
      "file:///etc/passwd",
    ]) {
      const { user, outcome } = await run(`read ${url}`, url);
      expect(outcome, url).toMatchObject({ status: "done", actions: [{ type: "web_fetch", status: "failed" }] });
      expect(JSON.stringify((await user.model.requests()).at(-1)?.body), url).toMatch(/private|http|credentials|user name/i);
    }
  });
});

test("UserAgent offers models the tools that the gate made, the others by search, and nothing else", async () => {
  const user = await testUser();
  await user.model.set([], { text: "ok" });
  await user.stub.converse(user.caller, httpMessage("hello"), 20_000);
  const body = (await user.model.requests())[0]?.body;
  const tools: unknown = Reflect.get(Object(body), "tools");
  const offered: { name: string; description: string }[] = Array.isArray(tools) ? tools : [];
  const search = offered.find(({ name }) => name === FIND_TOOLS);
  const named = offered.map(({ name }) => name).filter((name) => name !== FIND_TOOLS && name !== CALL_TOOL);
  const found = (search?.description.split(": ")[1] ?? "").split(", ");
  expect([...named, ...found].toSorted()).toEqual(builtInTools.map(({ name }) => name).toSorted());
});
