import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { streamText, tool } from "ai";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { resultText } from "../../../src/agent/prompt.ts";
import { offline } from "../../../src/models/offline.ts";
import { understand } from "../../../src/models/offline/understand.ts";
import { cpuMs } from "../../support/cpu-time.ts";

const model = offline.create("margay", { fetch: () => Promise.reject(new Error("no network")) });
const user = (...texts: string[]): LanguageModelV4CallOptions["prompt"] => [
  { role: "user", content: texts.map((text) => ({ type: "text", text })) },
];
const STAMP = "Now: 2026-11-18T10:15:00+01:00 (Wednesday), time zone Europe/Oslo";
const CONTEXT = { now: Date.parse("2026-11-18T10:15:00+01:00"), timeZone: "Europe/Oslo" };

describe("offline", () => {
  test("streams word by word through the AI SDK and calls its tools", async () => {
    const added: unknown[] = [];
    const result = streamText({
      model,
      prompt: "add milk due tomorrow",
      stopWhen: ({ steps }) => steps.length > 3,
      tools: {
        add_todo: tool({
          inputSchema: z.object({ title: z.string(), due: z.string().optional() }),
          execute: async (input) => {
            added.push(input);
            return { added: { id: "12345678", title: input.title, due: "Thu 19 Nov 2026" } };
          },
        }),
      },
    });
    const deltas: string[] = [];
    for await (const delta of result.textStream) deltas.push(delta);
    expect(added).toEqual([{ title: "milk", due: "tomorrow" }]);
    expect(deltas.join("")).toBe("Added **milk** · due Thu 19 Nov 2026.");
    expect(deltas.length).toBeGreaterThan(3);
    expect((await result.totalUsage).totalTokens).toBe(0);
  });

  test("calls only tools that are offered", async () => {
    const none = await model.doGenerate({ prompt: user("add milk"), tools: [] });
    expect(none.finishReason.unified).toBe("stop");
    expect(none.content).toMatchObject([{ type: "text", text: expect.stringContaining("add_todo") }]);
    const tools: LanguageModelV4CallOptions["tools"] = [{ type: "function", name: "add_todo", inputSchema: {} }];
    expect((await model.doGenerate({ prompt: user("add milk"), tools, toolChoice: { type: "none" } })).finishReason.unified).toBe("stop");
    expect((await model.doGenerate({ prompt: user("add milk"), tools })).content).toMatchObject([
      { type: "tool-call", toolName: "add_todo" },
    ]);
  });

  test("gives the same answer to the same prompt", async () => {
    const options = { prompt: user("tell me a joke") };
    expect(await model.doGenerate(options)).toEqual(await model.doGenerate(options));
  });

  test("answers every message of a burst", async () => {
    const tools: LanguageModelV4CallOptions["tools"] = [{ type: "function", name: "add_todo", inputSchema: {} }];
    const stamp = "Now: 2026-11-18T10:15:00+01:00 (Wednesday), time zone Europe/Oslo";
    const { content } = await model.doGenerate({ prompt: user("add milk", stamp, "add bread", stamp), tools });
    expect(content.map((part) => (part.type === "tool-call" ? part.input : part.type))).toEqual(['{"title":"milk"}', '{"title":"bread"}']);
  });

  test("words a refusal of a tool as it is", async () => {
    const prompt: LanguageModelV4CallOptions["prompt"] = [
      ...user("add milk"),
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "1", toolName: "add_todo", input: { title: "milk" } }] },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: "1",
            toolName: "add_todo",
            output: { type: "text", value: '{"error":"You have 5,000 open to-dos."}' },
          },
        ],
      },
    ];
    const { content } = await model.doGenerate({ prompt, tools: [{ type: "function", name: "add_todo", inputSchema: {} }] });
    expect(content).toEqual([{ type: "text", text: "You have 5,000 open to-dos." }]);
  });

  test("stops when the call is aborted before it starts", async () => {
    await expect(model.doGenerate({ prompt: user("hi"), abortSignal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  test("test() says that nothing needs connecting", async () => {
    expect(await offline.test({ fetch: () => Promise.reject(new Error("no network")) }, new AbortController().signal)).toMatchObject({
      ok: true,
    });
  });
});

describe("understand()", () => {
  test("looks into documents when asked what one says", () => {
    expect(understand("What does the handbook say about parental leave?", { now: 0, timeZone: "UTC" })).toEqual([
      { kind: "recall", query: "handbook parental leave", from: "documents" },
    ]);
  });

  test('binds "it" to what the same message spoke of before', () => {
    expect(understand("make the video p2 and rename it to edit the video", CONTEXT)).toEqual([
      { kind: "update", which: { by: "words", words: "video" }, changes: { priority: "p2" } },
      { kind: "update", which: { by: "words", words: "video" }, changes: { title: "edit the video" } },
    ]);
    expect(understand("rename it to edit the video", CONTEXT)).toMatchObject([{ which: { by: "it" } }]);
  });

  const CASES: Record<string, string> = {
    "remind me tomorrow to call mom": '[{"kind":"schedule","when":"remind me tomorrow to call mom"}]',
    "please set a reminder to pay rent on friday": '[{"kind":"schedule","when":"set a reminder to pay rent on friday"}]',
    "every weekday at 9 remind me to stretch": '[{"kind":"schedule","when":"every weekday at 9 remind me to stretch"}]',
    "remind me to buy milk": '[{"kind":"add","tasks":[{"title":"buy milk"}],"reminder":true}]',
    "what are my reminders?": '[{"kind":"schedules"}]',
    "delete reminder 2": '[{"kind":"changeSchedule","name":"2","change":{"do":"delete"}}]',
    "cancel the stretch reminder": '[{"kind":"changeSchedule","name":"stretch","change":{"do":"delete"}}]',
    "pause my reminder to call mum": '[{"kind":"changeSchedule","name":"call mum","change":{"do":"pause"}}]',
    "move reminder 3 to friday at 10": '[{"kind":"changeSchedule","name":"3","change":{"when":"friday at 10"}}]',
    'put "call the bank" on my list for tomorrow': '[{"kind":"add","tasks":[{"title":"call the bank","due":"tomorrow"}],"reminder":false}]',
    "add buy flour and make bread": '[{"kind":"add","tasks":[{"title":"buy flour and make bread"}],"reminder":false}]',
    "add tasks:\n- milk\n- bread p1": '[{"kind":"add","tasks":[{"title":"milk"},{"title":"bread","priority":"p1"}],"reminder":false}]',
    "add milk and remove bread":
      '[{"kind":"add","tasks":[{"title":"milk"}],"reminder":false},{"kind":"delete","which":{"by":"words","words":"bread"}}]',
    "snooze milk until tomorrow": '[{"kind":"update","which":{"by":"words","words":"milk"},"changes":{"due":"tomorrow"}}]',
    "remove the due date from milk": '[{"kind":"update","which":{"by":"words","words":"milk"},"changes":{"due":""}}]',
    "make the video high priority": '[{"kind":"update","which":{"by":"words","words":"video"},"changes":{"priority":"p2"}}]',
    "delete 1, 2 and 4": '[{"kind":"delete","which":{"by":"position","positions":[1,2,4]}}]',
    "what are my tasks for today": '[{"kind":"list","filter":{"when":"today"}}]',
    "find tasks about milk": '[{"kind":"list","filter":{"search":"milk"}}]',
    "what is done?": '[{"kind":"list","filter":{"status":"done"}}]',
    "show me what is done": '[{"kind":"list","filter":{"status":"done"}}]',
    "postpone the rent by two days": '[{"kind":"say","topic":"until"}]',
    "snooze the rent for a week": '[{"kind":"say","topic":"until"}]',
    "set a reminder for tomorrow at 9 to call Bob": '[{"kind":"schedule","when":"set a reminder for tomorrow at 9 to call Bob"}]',
    "complete tasks 1, 2 and 3": '[{"kind":"complete","which":{"by":"position","positions":[1,2,3]},"done":true}]',
    "change task 1 priority to p3": '[{"kind":"update","which":{"by":"position","positions":[1]},"changes":{"priority":"p3"}}]',
    "task: email p3 list, p2": '[{"kind":"add","tasks":[{"title":"email p3 list","priority":"p2"}],"reminder":false}]',
    "make me a sandwich": '[{"kind":"unknown"}]',
    "add task": '[{"kind":"unknown"}]',
    "can you help me move to Oslo?": '[{"kind":"unknown"}]',
  };
  test.each(Object.entries(CASES))("reads %j", (text, expected) => {
    expect(JSON.stringify(understand(text, CONTEXT))).toBe(expected);
  });

  test("never throws, always finds something, and is quick, for any text", () => {
    const words = fc.array(
      fc.constantFrom(
        ..."add task remind me to and then mark delete move the list my done due tomorrow friday p1 1 2 , . ; make it all show what".split(
          " ",
        ),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          words.map((list) => list.join(" ")),
        ),
        (text) => {
          expect(understand(text, CONTEXT).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1000 },
    );
    const took = cpuMs(() => {
      for (const piece of ["add and ", "move to ", "is done ", "a, and ", "- x\n", "what "]) understand(piece.repeat(20_000), CONTEXT);
    });
    expect(took).toBeLessThan(5_000);
  });
});

describe("the offline model and the gate", () => {
  const tools = [{ type: "function" as const, name: "list_todos", inputSchema: {} }];

  test("reads a result that nobody vouches for as it reads every other", async () => {
    const answer = (value: string): LanguageModelV4CallOptions["prompt"] => [
      ...user("what's on my list?", STAMP),
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "1", toolName: "list_todos", input: {} }] },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "1", toolName: "list_todos", output: { type: "text", value } }] },
    ];
    const said = async (untrusted: string | null) => {
      const output = { todos: [], total: 0 };
      return (await model.doGenerate({ prompt: answer(resultText({ output, untrusted })), tools })).content;
    };
    expect(await said("notes from a page")).toEqual(await said(null));
  });

  test("says in its own words how an approval ended, and never takes a notice for the user's word", async () => {
    const said = async (notice: string) => (await model.doGenerate({ prompt: user(`[margay] ${notice}`), tools })).content;
    expect(await said("The user approved add_todo, and it is done; see its result.")).toEqual([{ type: "text", text: "Done." }]);
    expect(await said("The user said no to add_todo. Do not do it in another way.")).toEqual([
      { type: "text", text: "All right, I left it." },
    ]);
    expect(await said("what's on my list?")).toMatchObject([{ type: "text" }]);
  });
});

describe("understand(), asked what was done", () => {
  test.each([
    ["show everything sent this week", "sent", 7],
    ["Show me everything you sent this week", "sent", 7],
    ["what did you send today?", "sent", 1],
    ["what was sent this month", "sent", 30],
    ["what have you done today", "done", 1],
    ["what did you do last week?", "done", 7],
    ["what did you ask me for this week?", "asked", 7],
  ])("takes %j for the trail", (text, what, days) => expect(understand(text, CONTEXT)).toEqual([{ kind: "activity", what, days }]));

  test.each(["what do I have to do today?", "show everything", "what is done?", "everything sent to Bob is on my list"])(
    "leaves %j alone",
    (text) => expect(understand(text, CONTEXT)[0]?.kind).not.toBe("activity"),
  );
});

describe("understand(), asked to work in the background", () => {
  test.each([
    ["research boats in the background", "research boats"],
    ["Please compare flights to Oslo and Bergen, in the background.", "compare flights to Oslo and Bergen"],
    ["in the background: find a plumber", "find a plumber"],
  ])("takes %j for work to give away", (text, task) => expect(understand(text, CONTEXT)).toEqual([{ kind: "delegate", task }]));

  test("leaves a to-do with these words a to-do", () => {
    expect(understand("add task: paint the wall in the background", CONTEXT)[0]?.kind).toBe("add");
  });

  test("says that it is started, and how a task ended, in a sentence", async () => {
    const tools: LanguageModelV4CallOptions["tools"] = [{ type: "function", name: "delegate", inputSchema: {} }];
    const asked = await model.doGenerate({ prompt: user("research boats in the background"), tools });
    expect(asked.content).toMatchObject([{ type: "tool-call", toolName: "delegate", input: '{"task":"research boats"}' }]);
    const notice =
      "[margay] Task 3 (research), which worked in the background, ended without finishing. It was to do:\nWhy: No model is connected. (model_unavailable)\nTell the user.";
    expect((await model.doGenerate({ prompt: user(notice), tools })).content).toMatchObject([
      { text: "Task 3 ended without finishing: No model is connected." },
    ]);
    const done =
      "[margay] Task 4 (research), which worked in the background, is done. It was to do:\n[content result from task 4]\n> Why: eve (obey)";
    expect((await model.doGenerate({ prompt: user(done), tools })).content).toMatchObject([
      { text: "Task 4 is done. What it found is under Tasks." },
    ]);
  });
});
