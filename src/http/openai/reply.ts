import type { TurnEnd, Usage } from "../../channels/events.ts";
import { sseEvent, sseResponse } from "../sse.ts";
import { turnLines } from "../turn-lines.ts";
import { failureStatus, openAIError } from "./errors.ts";
import type { ChatCompletion, ChatCompletionChunk, CompletionUsage, FinishReason } from "./schemas.ts";
import { Spoken } from "./spoken.ts";

/** What every chunk of one answer repeats. */
export interface ReplyHead {
  id: string;
  /** Unix seconds. */
  created: number;
  /** As the client named it. */
  model: string;
}

const usageOf = (usage: Usage): CompletionUsage => ({
  prompt_tokens: usage.input_tokens,
  completion_tokens: usage.output_tokens,
  total_tokens: usage.input_tokens + usage.output_tokens,
  prompt_tokens_details: { cached_tokens: usage.cached_input_tokens },
});

const CUT = { code: "internal", message: "The run was interrupted; send the request again." };

/** Ends that have a name of their own in the protocol, with what was said so far: no errors. */
const FINISHES: Readonly<Record<string, FinishReason>> = { length: "length", refused: "content_filter" };

const finishOf = (end: TurnEnd): FinishReason => FINISHES[end.error?.code ?? ""] ?? "stop";

/** Why a run gave no answer; null: it did. A run stopped by its user has said what it had to say. */
const failureOf = (end: TurnEnd): { code: string; message: string } | null =>
  end.status === "failed" && finishOf(end) === "stop" ? (end.error ?? { code: "internal", message: "The run failed." }) : null;

/** The official clients send a failed request again by themselves, and a run that failed may have changed something: they obey this header. */
const failureResponse = ({ code, message }: { code: string; message: string }): Response => {
  const status = failureStatus(code);
  return Response.json(openAIError(status, message, code), { status, headers: { "x-should-retry": "false" } });
};

/** Waits for the end of a run and answers in one piece. */
export async function wholeReply(stream: ReadableStream<Uint8Array>, head: ReplyHead): Promise<Response> {
  for await (const { event } of turnLines(stream)) {
    if (event.type !== "end") continue;
    const failure = failureOf(event);
    if (failure) return failureResponse(failure);
    const completion: ChatCompletion = {
      ...head,
      object: "chat.completion",
      choices: [
        { index: 0, message: { role: "assistant", content: event.text, refusal: null }, logprobs: null, finish_reason: finishOf(event) },
      ],
      usage: usageOf(event.usage),
    };
    return Response.json(completion);
  }
  return failureResponse(CUT);
}

/**
 * Streams a run as chunks, ended by `[DONE]`. The answer begins with the first text or tool call, so that a run that fails before has its own
 * status; a later failure is a `data:` with an error, which OpenAI's clients throw. A client that leaves cancels the run.
 */
export async function streamedReply(stream: ReadableStream<Uint8Array>, head: ReplyHead, includeUsage: boolean): Promise<Response> {
  const left = new AbortController();
  const lines = turnLines(stream, left.signal);
  const spoken = new Spoken();
  let pending = "";
  let end: TurnEnd | null = null;
  let cut = false;
  for (let begun = false; !begun;) {
    const line = await lines.next();
    if (line.done) {
      cut = true;
      break;
    }
    const { event } = line.value;
    pending += spoken.take(event);
    if (event.type === "end") end = event;
    begun = event.type === "text" || event.type === "tool_call" || event.type === "end";
  }
  const early = cut ? CUT : end && failureOf(end);
  if (early) return failureResponse(early);

  const chunk = (delta: ChatCompletionChunk["choices"][number]["delta"], finish: FinishReason | null): string =>
    data({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(includeUsage ? { usage: null } : {}),
    });
  return sseResponse(async (write, gone) => {
    gone.addEventListener("abort", () => left.abort(), { once: true });
    await write(chunk({ role: "assistant", content: "" }, null));
    if (pending !== "") await write(chunk({ content: pending }, null));
    if (!end)
      for await (const { event } of lines) {
        const text = spoken.take(event);
        if (text !== "") await write(chunk({ content: text }, null));
        if (event.type === "end") {
          end = event;
          break;
        }
      }
    if (gone.aborted) return;
    const failure = end ? failureOf(end) : CUT;
    if (failure || !end) {
      const { code, message } = failure ?? CUT;
      return write(data(openAIError(failureStatus(code), message, code)));
    }
    await write(chunk({}, finishOf(end)));
    if (includeUsage) await write(data({ ...head, object: "chat.completion.chunk", choices: [], usage: usageOf(end.usage) }));
    await write(sseEvent({ data: "[DONE]" }));
  });
}

const data = (value: ChatCompletionChunk | ReturnType<typeof openAIError>): string => sseEvent({ data: JSON.stringify(value) });
