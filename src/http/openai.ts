import { z } from "zod";
import type { CompletionInput } from "../agent/shapes.ts";
import type { Principal } from "../auth/principal.ts";
import { type Conversation, isOpenAIModel, OPENAI_MODELS, readConversation } from "../channels/openai/conversation.ts";
import { CompletionRequest } from "../channels/openai/request.ts";
import type { Env } from "../env.ts";
import type { Tier } from "../models/provider.ts";
import { parseJson, readBytes } from "./body.ts";
import { invalidRequestResponse, OpenAIErrorBody, problemResponse } from "./openai/errors.ts";
import { streamedReply, wholeReply } from "./openai/reply.ts";
import { ChatCompletion, ModelList, ModelObject } from "./openai/schemas.ts";
import { defineRoute, type Route } from "./route.ts";
import { withAgent } from "./with-agent.ts";

/** Images come inside the JSON, so its limit is above that of other routes. */
const MAX_COMPLETION_BODY = 8 * 1024 * 1024;

/** Unix seconds at which these models came to be, for lists that sort by it. */
const MODELS_CREATED = 1_793_491_200;

const modelObject = (id: string): ModelObject => ({ id, object: "model", created: MODELS_CREATED, owned_by: "margay" });

/** Images need the tier that sees; `margay` is the tier of the user's settings. */
async function tierOf(context: { env: Env; request: Request; principal: Principal }, conversation: Conversation): Promise<Tier> {
  if (conversation.images.length > 0) return "vision";
  if (conversation.model === "margay-fast") return "fast";
  if (conversation.model === "margay-smart") return "smart";
  return (await withAgent(context, (agent, caller) => agent.settings(caller))).tier;
}

const completions = defineRoute({
  method: "POST",
  path: "/v1/chat/completions",
  who: "user",
  tag: "OpenAI-compatible",
  summary: "Talk to your agent with any OpenAI client; stateless",
  body: CompletionRequest,
  // Parsed here, so that every error has OpenAI's shape and names its parameter.
  bodyKind: "bytes",
  maxBody: MAX_COMPLETION_BODY,
  responses: {
    200: {
      description:
        "The answer, or with `stream: true` server-sent events of chunks ended by `[DONE]`. The history and the system prompt are context of this one run and never treated as the user's own word.",
      schema: ChatCompletion,
    },
    400: {
      description: "Not supported (tools, audio, several answers, JSON formats, image addresses) or not valid.",
      schema: OpenAIErrorBody,
    },
    402: { description: "`budget_exceeded`: your budget is used up.", schema: OpenAIErrorBody },
    404: { description: "There is no such model.", schema: OpenAIErrorBody },
    429: { description: "`rate_limited`: too much at once.", schema: OpenAIErrorBody },
    502: { description: "`model_rejected`: the model did not take it.", schema: OpenAIErrorBody },
    503: { description: "`model_unavailable`: no model could be reached.", schema: OpenAIErrorBody },
  },
  async handle(context) {
    const parsed = CompletionRequest.safeParse(parseJson(await readBytes(context.request, MAX_COMPLETION_BODY)));
    if (!parsed.success) return invalidRequestResponse(parsed.error);
    const read = readConversation(parsed.data);
    if (!read.ok) return problemResponse(read.problem);
    const { conversation } = read;
    const { text, history, images } = conversation;
    const input: CompletionInput = { text, history, images, tier: await tierOf(context, conversation) };
    // Never repeated by us: a stateless run has no key, and each costs money.
    const stream = await withAgent(context, (agent, caller) => agent.complete(caller, input));
    const head = { id: `chatcmpl-${context.requestId}`, created: Math.floor(Date.now() / 1000), model: conversation.model };
    if (!parsed.data.stream) return wholeReply(stream, head);
    return streamedReply(stream, head, parsed.data.stream_options?.include_usage === true);
  },
});

export const openaiRoutes: Route[] = [
  completions,
  defineRoute({
    method: "GET",
    path: "/v1/models",
    who: "user",
    tag: "OpenAI-compatible",
    summary: "The models that OpenAI clients can name",
    responses: { 200: { description: "`margay` is the tier of your settings.", schema: ModelList } },
    handle: () => ({ object: "list", data: OPENAI_MODELS.map(modelObject) }),
  }),
  defineRoute({
    method: "GET",
    path: "/v1/models/{model}",
    who: "user",
    tag: "OpenAI-compatible",
    summary: "One of the models",
    params: z.object({ model: z.string().min(1).max(200) }),
    responses: {
      200: { description: "It exists.", schema: ModelObject },
      404: { description: "There is no such model.", schema: OpenAIErrorBody },
    },
    handle: ({ params }) =>
      isOpenAIModel(params.model)
        ? modelObject(params.model)
        : problemResponse({ message: `The model \`${params.model}\` does not exist.`, param: "model", code: "model_not_found" }),
  }),
];
