import type { CompletionRequest, Message, Part } from "./request.ts";

/** The models that OpenAI clients can name: the user's default tier, and one for each tier of text. */
export const OPENAI_MODELS = ["margay", "margay-fast", "margay-smart"] as const;
export type OpenAIModel = (typeof OPENAI_MODELS)[number];

export const isOpenAIModel = (name: string): name is OpenAIModel => OPENAI_MODELS.some((known) => known === name);

/** What cannot be done, as OpenAI's errors say it. `param` is the path of the parameter. */
export interface CompletionProblem {
  message: string;
  param: string | null;
  code: "invalid_value" | "unsupported_parameter" | "unsupported_value" | "model_not_found" | "invalid_image_url";
}

/** A chat completion request without its vendor's shape. Only `text` is the user's word; the rest was sent by a client. */
export interface Conversation {
  model: OpenAIModel;
  text: string;
  history: { role: "user" | "assistant" | "system"; text: string }[];
  /** In the order they came, from user messages; decoded nowhere. */
  images: { mime: string; base64: string }[];
}

const MAX_IMAGES = 10;

type Read = { ok: true; conversation: Conversation } | { ok: false; problem: CompletionProblem };

/** Reads a parsed request. Pure. What would silently change the meaning of an answer is refused: tools, audio, several answers, JSON formats. */
export function readConversation(request: CompletionRequest): Read {
  if (!isOpenAIModel(request.model))
    return no(`The model \`${request.model}\` does not exist. Use one of ${OPENAI_MODELS.join(", ")}.`, "model", "model_not_found");
  const refused = unsupported(request);
  if (refused) return { ok: false, problem: refused };
  const history: Conversation["history"] = [];
  const images: Conversation["images"] = [];
  for (const [index, message] of request.messages.entries()) {
    const where = `messages[${index}]`;
    const role = roleOf(message);
    if (!role)
      return no(`Margay runs its own tools: a message of role '${message.role}' is not supported.`, `${where}.role`, "unsupported_value");
    if (message.tool_calls?.length || message.function_call)
      return no("Margay runs its own tools: tool calls in the history are not supported.", `${where}.tool_calls`, "unsupported_value");
    const texts: string[] = [];
    for (const [at, part] of partsOf(message).entries()) {
      const wrong = readPart(part, role, texts, images);
      if (wrong) return { ok: false, problem: { ...wrong, param: `${where}.content[${at}]` } };
    }
    history.push({ role, text: texts.join("\n\n") });
  }
  if (images.length > MAX_IMAGES) return no(`At most ${MAX_IMAGES} images can be sent.`, "messages", "invalid_value");
  const last = history.pop();
  if (last?.role !== "user") return no("The last message must be from the user.", "messages", "invalid_value");
  const inLast = partsOf(request.messages.at(-1)).some((part) => part.type === "image_url");
  if (last.text.trim() === "" && !inLast) return no("The last message is empty.", "messages", "invalid_value");
  return { ok: true, conversation: { model: request.model, text: last.text, history, images } };
}

const problem = (param: string, message: string): CompletionProblem => ({ message, param, code: "unsupported_parameter" });

function unsupported(request: CompletionRequest): CompletionProblem | null {
  if (request.tools?.length) return problem("tools", "Margay runs its own tools: `tools` is not supported.");
  if (request.functions?.length) return problem("functions", "Margay runs its own tools: `functions` is not supported.");
  if (typeof request.n === "number" && request.n !== 1) return problem("n", "Only one answer is given: `n` must be 1.");
  if (request.modalities?.some((modality) => modality !== "text")) return problem("modalities", "Only text is answered.");
  if (request.audio !== undefined && request.audio !== null) return problem("audio", "Only text is answered.");
  if (request.logprobs) return problem("logprobs", "Log probabilities are not available.");
  const format = request.response_format?.type ?? "text";
  if (format !== "text") return problem("response_format", `Answers are text: response_format '${format}' is not supported.`);
  return null;
}

function roleOf(message: Message): "user" | "assistant" | "system" | null {
  if (message.role === "user" || message.role === "assistant" || message.role === "system") return message.role;
  return message.role === "developer" ? "system" : null;
}

function partsOf(message: Message | undefined): Part[] {
  const content = message?.content ?? [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function readPart(part: Part, role: string, texts: string[], images: Conversation["images"]): Omit<CompletionProblem, "param"> | null {
  if (part.type === "text" && part.text !== undefined) texts.push(part.text);
  else if (part.type === "refusal" && part.refusal !== undefined) texts.push(part.refusal);
  else if (part.type === "image_url" && part.image_url !== undefined && role === "user") {
    const image = readDataUrl(typeof part.image_url === "string" ? part.image_url : part.image_url.url);
    if (!image)
      return {
        message: "Send images as `data:image/png;base64,…` (PNG, JPEG, WebP or GIF); addresses are not fetched.",
        code: "invalid_image_url",
      };
    images.push(image);
  } else return { message: `Content of type '${part.type}' is not supported here.`, code: "unsupported_value" };
  return null;
}

/** A base64 image out of a data URL (RFC 2397); null: something else. */
function readDataUrl(url: string): { mime: string; base64: string } | null {
  const comma = url.indexOf(",");
  const mime = /^data:(image\/(?:png|jpeg|webp|gif));base64$/i.exec(url.slice(0, Math.max(comma, 0)))?.[1]?.toLowerCase();
  const base64 = url.slice(comma + 1);
  return mime && base64.length > 0 && base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? { mime, base64 } : null;
}

const no = (message: string, param: string | null, code: CompletionProblem["code"]): Read => ({
  ok: false,
  problem: { message, param, code },
});
