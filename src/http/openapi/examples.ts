const usage = { input_tokens: 812, output_tokens: 24, cached_input_tokens: 640, cost_micro_usd: 1310, model_calls: 2 };

const outcome = {
  message_id: "01JD3K9M5T2Q8W4R6Y7Z1A0B3C",
  turn_id: "01JD3K9M6C4N8V2X5S7D1F0G3H",
  status: "done",
  reply: "Added **Film the workout video**, p1, due tomorrow.",
  reply_message_id: "01JD3K9P7H2J4K6L8M0N1P3Q5R",
  actions: [{ type: "add_todo", status: "done", summary: 'Added "Film the workout video"' }],
  approvals: [],
  error: null,
  usage,
  model: "anthropic/claude-sonnet-5",
};

/** Examples by `METHOD path`. A test parses each with the schemas of its route. */
export const EXAMPLES: Readonly<Record<string, { request?: unknown; responses?: Record<number, unknown> }>> = {
  "POST /api/v1/chat": {
    request: { message: "Add a task: film the workout video, p1, due tomorrow", time_zone: "Europe/Berlin" },
    responses: { 200: outcome, 202: { ...outcome, status: "running", reply: "", reply_message_id: null, actions: [] } },
  },
  "POST /api/v1/chat/cancel": { request: {}, responses: { 200: { stopped: 1, dropped: 0 } } },
  "POST /v1/chat/completions": {
    request: { model: "margay", messages: [{ role: "user", content: "What is on my list?" }] },
    responses: {
      200: {
        id: "chatcmpl-7d0c1f52-58a4-4c8c-9a0a-0d2f6b1f3a55",
        object: "chat.completion",
        created: 1_795_220_000,
        model: "margay",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "One task: **Film the workout video**.", refusal: null },
            logprobs: null,
            finish_reason: "stop",
          },
        ],
        usage: { prompt_tokens: 812, completion_tokens: 24, total_tokens: 836, prompt_tokens_details: { cached_tokens: 640 } },
      },
    },
  },
  "POST /agent/command": {
    request: { channel: "kiosk", message: "What is on my list?", context: { room: "kitchen" } },
    responses: {
      200: { success: true, response: "One task: **Film the workout video**.", actions: [{ type: "list_todos", status: "done" }] },
    },
  },
  "POST /webhook": {
    request: {
      message: "Build 512 of main failed in the step `test`.",
      context: { url: "https://ci.example.com/512" },
      callback_url: "https://hooks.example.com/margay",
      idempotency_key: "build-512",
    },
    responses: { 202: { accepted: true, message_id: "01JD3K9M5T2Q8W4R6Y7Z1A0B3C", request_id: "build-512" } },
  },
  "PATCH /api/v1/settings": { request: { time_zone: "Europe/Berlin", tier: "smart" } },
  "PUT /api/v1/models/providers/{provider}/{endpoint}": { request: { api_key: "your-provider-key" } },
  "POST /api/v1/models/test": {
    request: { provider: "anthropic" },
    responses: {
      200: { ok: true, message: "The key works.", models: ["claude-sonnet-5"], token_count: 9, latency_ms: 312 },
    },
  },
};
