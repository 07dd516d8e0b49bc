import type { LanguageModelV4 } from "@ai-sdk/provider";
import { countTokens } from "gpt-tokenizer";
import { onlyThis } from "../../scripts/eval/gate/only-this.ts";
import { extractByModel } from "../../src/memory/extract-model.ts";
import { IDLE_MS } from "../../src/memory/quiet-pass.ts";
import { memoryHome } from "../support/memory-in-node.ts";
import type { Row } from "./table.ts";

/** What a user says in a day, over and over with other numbers: most of it is nothing to remember. */
const SAID = [
  "add milk and bread to my list",
  "what's on my list for tomorrow?",
  "we decided to film in Bergen on the 14th, Ingrid does the sound",
  "can you summarise what I have to do this week?",
  "thanks, that's great",
];
const ANSWERED =
  "Done. You have three things for tomorrow: the dentist at nine, the report for Ingrid, and the groceries; the report is the urgent one.";

/** Messages of a day, and the conversations that they are in. */
const MESSAGES = 50;
const CONVERSATIONS = 10;
/** One thing worth remembering in every conversation. */
const FOUND = '{"op":"add","kind":"fact","text":"Films in Bergen on the 14th","quote":"we decided to film in Bergen on the 14th"}';

/** What it costs that the agent remembers by itself: a day of a user who writes 50 messages in 10 conversations. Tokens by a public tokenizer. */
export async function benchQuietMemory(): Promise<Row[]> {
  const home = memoryHome();
  let calls = 0;
  let input = 0;
  let output = 0;
  const model = onlyThis<LanguageModelV4>("LanguageModelV4", {
    doGenerate: async ({ prompt }: { prompt: unknown }) => {
      calls++;
      input += countTokens(JSON.stringify(prompt));
      const text = `{"ops":[${FOUND}]}`;
      output += countTokens(text);
      const none = { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 };
      return {
        content: [{ type: "text" as const, text }],
        finishReason: { unified: "stop" as const, raw: "stop" },
        usage: { inputTokens: none, outputTokens: { total: 0, text: 0, reasoning: 0 } },
        warnings: [],
      };
    },
  });
  const quiet = home.quietWith(extractByModel({ model: () => model, timeZone: () => "UTC", now: () => home.clock.now }));
  let idle = 0;
  for (let conversation = 0; conversation < CONVERSATIONS; conversation++) {
    for (let n = 0; n < MESSAGES / CONVERSATIONS; n++) {
      home.say(`${SAID[n % SAID.length] ?? ""} (${conversation})`);
      home.say(ANSWERED, { role: "assistant" });
    }
    home.clock.now += IDLE_MS + 60_000;
    await quiet.run();
    const before = calls;
    // Woken again with nothing new.
    await quiet.run();
    idle += calls - before;
  }
  return [
    { name: `quiet memory: model calls a day (${MESSAGES} messages)`, value: String(calls) },
    { name: "quiet memory: tokens a day", value: `${input} in, ${output} out` },
    { name: "quiet memory: calls when nothing is new", value: String(idle), goal: "0" },
  ];
}
