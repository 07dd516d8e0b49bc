import { expect, test, vi } from "vitest";
import { type Client, join, setUp } from "../auth/client.ts";
import { arrive, type Sent, sentTo } from "../support/mail-client.ts";

// The first request loads the whole Worker.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const field = (body: unknown, name: string): unknown => Reflect.get(Object(body), name);
const messages = async (client: Client) => {
  const list = field((await client.call("GET", "/api/v1/messages?limit=200")).body, "messages");
  return Array.isArray(list) ? list : [];
};

test("a listener to mail acts on what a stranger sends, as content of theirs, and not on a message of the user's own", async () => {
  const hal = await join(await setUp(), "Hal");
  const box = await hal.field("address", "GET", "/api/v1/email");
  const from = "hal-listens@example.com";
  const code = await hal.field("code", "POST", "/api/v1/email/senders", { address: from });
  expect(await arrive({ from, to: box, subject: "link", body: code })).toBeNull();
  const made = await hal.call("POST", "/api/v1/listeners", {
    source: { kind: "mail" },
    when: { fields: [{ path: "from", op: "like", value: "landlord*@example.com" }] },
    action: { kind: "text", text: "Your landlord wrote:" },
    batch_seconds: 0,
  });
  expect(made.status).toBe(201);
  const landlord = "landlord-7@example.com";
  expect(await arrive({ from, to: box, subject: "landlord", body: "/status" })).toBeNull();
  expect(await arrive({ from: "eve-listened@example.com", to: box, subject: "The rent", body: "x" })).toBeNull();
  const mail: Sent = { from: landlord, to: box, subject: "The rent", body: "It goes up.", messageId: `<rent-${landlord}>` };
  for (let time = 0; time < 2; time++) expect(await arrive(mail)).toBeNull();
  const told = async () => (await messages(hal)).filter(({ text }) => text.startsWith("Your landlord wrote:"));
  await vi.waitFor(async () => expect(await told()).toHaveLength(1), { timeout: 20_000, interval: 200 });
  expect((await told())[0]).toMatchObject({ role: "assistant", text: `Your landlord wrote:\n\n> ${landlord}: The rent` });
  expect(await sentTo(landlord)).toEqual([]);
  const id = String(field(field(made.body, "listener"), "id"));
  const log = field((await hal.call("GET", `/api/v1/listeners/${id}/firings`)).body, "firings");
  expect(log).toMatchObject([{ outcome: "fired" }, { outcome: "filtered" }]);
});
