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
  plan: null,
  notes: [],
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
  "POST /api/v1/knowledge/documents": {
    request: {
      key: "u/7d0c1f52/uploads/2026-11/5b1c4c1e-0c52-4a3e-8f57-1d1d0a4f2c11",
      collection_id: "c0a8e1d2-52f5-4f0e-9a8e-7e1f6f0d9b21",
    },
  },
  "POST /api/v1/knowledge/search": {
    request: { query: "How many days of paid leave are there?", limit: 3 },
    responses: {
      200: {
        hits: [
          {
            space: "knowledge",
            id: "0f6f2b1a-3d0e-4c55-8a53-2f1d7c9e4b10:12",
            text: "## Leave\n\nEvery employee has 27 days of paid leave a year.",
            from: "Handbook › Leave, page 4",
            at: null,
            score: 1.42,
            tainted: true,
          },
        ],
      },
    },
  },
  "POST /api/v1/memory": { request: { text: "Allergic to nuts", pinned: true } },
  "POST /api/v1/memory/recall": {
    request: { text: "where do I live?", limit: 3 },
    responses: {
      200: {
        hits: [
          {
            space: "memory",
            id: "3f0c1a52-7d1e-4b8a-9a55-1f2e3d4c5b6a",
            text: "Lives in Oslo",
            from: "you, 18 Nov 2026",
            at: 1_794_993_300_000,
            score: 1.08,
            tainted: false,
          },
        ],
      },
    },
  },
  "POST /api/v1/memory/forget-all": {
    request: { confirm: "forget everything" },
    responses: { 200: { memories: 42, messages: 17, verified: true } },
  },
  "POST /api/v1/listeners": {
    request: {
      title: "Pull requests",
      source: { kind: "hook", scheme: { name: "github" } },
      when: { match: "all", fields: [{ path: "action", op: "eq", value: "opened" }] },
      action: { kind: "prompt", prompt: "Sum up this pull request in three lines" },
    },
  },
  "POST /api/v1/listeners/{id}/test": { request: { payload: { action: "opened", number: 7 } } },
  "POST /api/v1/schedules": {
    request: { when: "every weekday at 9", action: { kind: "text", text: "Stretch" } },
  },
  "POST /api/v1/schedules/preview": {
    request: { when: "every weekday at 9" },
    responses: {
      200: {
        understood: "every weekday at 09:00 (Europe/Oslo)",
        spec: { kind: "cron", expression: "0 9 * * 1-5", until: null },
        next: [1_795_766_400_000, 1_796_025_600_000, 1_796_112_000_000, 1_796_198_400_000, 1_796_284_800_000],
        rest: "",
      },
    },
  },
  "PUT /api/v1/schedules/built-in/{name}": { request: { on: true, when: "every day at 7:30" } },
  "PATCH /api/v1/settings": { request: { time_zone: "Europe/Berlin", tier: "smart" } },
  "PUT /api/v1/models/providers/{provider}/{endpoint}": { request: { api_key: "your-provider-key" } },
  "POST /api/v1/models/test": {
    request: { provider: "anthropic" },
    responses: {
      200: { ok: true, message: "The key works.", models: ["claude-sonnet-5"], token_count: 9, latency_ms: 312 },
    },
  },
};
