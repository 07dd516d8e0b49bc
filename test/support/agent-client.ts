import { env } from "cloudflare:workers";
import type { UserAgent } from "../../durable-objects/user-agent.ts";
import type { UserAgentApi } from "../../src/agent/user-agent-api.ts";
import type { Access } from "../../src/agent/shapes.ts";
import type { Caller } from "../../src/auth/principal.ts";
import type { InboundMessage } from "../../src/channels/message.ts";
import { modelScript, type ModelScript } from "./model-script.ts";

export const ACCESS: Access = {
  authVersion: 1,
  role: "user",
  suspended: false,
  email: "ada@example.com",
  name: "Ada",
  dayCapMicroUsd: 5_000_000,
  monthCapMicroUsd: 50_000_000,
};

/** A user of a test with an object and a scripted model of their own. */
export interface TestUser {
  id: string;
  caller: Caller;
  /** A new stub each time: one to an object that was ended stays broken. */
  readonly stub: UserAgentApi;
  /** The same, as the runtime's test helpers take it. */
  readonly object: DurableObjectStub<UserAgent>;
  model: ModelScript;
}

/** Makes a user whose models are the scripted server's, under a key of their own. */
export async function testUser(access: Partial<Access> = {}): Promise<TestUser> {
  const id = `user-${crypto.randomUUID()}`;
  const stub: UserAgentApi = env.USER_AGENT.getByName(id);
  await stub.setAccess(id, { ...ACCESS, ...access });
  const caller: Caller = { userId: id, authVersion: 1, via: "api_key", role: "user" };
  const model = modelScript(env.MODEL_SERVER, `sk-${id}`);
  await stub.putProvider(caller, { provider: "anthropic", endpoint: "default", apiKey: model.key, baseUrl: `${env.MODEL_SERVER}/v1` });
  return {
    id,
    caller,
    model,
    get stub() {
      return env.USER_AGENT.getByName(id);
    },
    get object() {
      return env.USER_AGENT.getByName(id);
    },
  };
}

/** A message as `POST /api/v1/chat` hands it over. */
export function httpMessage(text: string, change: Partial<InboundMessage> = {}): InboundMessage {
  return {
    channel: "http",
    route: "POST /api/v1/chat",
    key: crypto.randomUUID(),
    bodyHash: `hash of ${text}`,
    text,
    content: [],
    replyTo: { channel: "http" },
    sentAt: Date.now(),
    ...change,
  };
}
