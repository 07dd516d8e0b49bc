import { expect, test } from "vitest";
import { readArguments } from "../../scripts/eval/arguments.ts";

test.each([
  [["gate", "a.jsonl", "b.jsonl"], { name: "gate", files: ["a.jsonl", "b.jsonl"], options: [] }],
  [
    ["egress", "--resolve", "a.example=10.0.0.1", "urls.txt"],
    { name: "egress", files: ["urls.txt"], options: ["--resolve", "a.example=10.0.0.1"] },
  ],
  [
    ["--resolve=a=1.1.1.1", "egress", "urls.txt", "--resolve", "b=::1"],
    { name: "egress", files: ["urls.txt"], options: ["--resolve=a=1.1.1.1", "--resolve", "b=::1"] },
  ],
  [
    ["egress", "urls.txt", "--resolve", "a=1.1.1.1", "b=2.2.2.2"],
    { name: "egress", files: ["urls.txt"], options: ["--resolve", "a=1.1.1.1", "--resolve", "b=2.2.2.2"] },
  ],
  [["egress", "--resolve", "a=1.1.1.1", "./x=1.txt"], { name: "egress", files: ["./x=1.txt"], options: ["--resolve", "a=1.1.1.1"] }],
  [["gate", "--", "--odd.jsonl"], { name: "gate", files: ["--odd.jsonl"], options: [] }],
  [["gate", "--what"], { name: "gate", files: [], options: ["--what"] }],
  [[], { name: undefined, files: [], options: [] }],
])("readArguments() takes %j apart", (args, expected) => expect(readArguments(args)).toEqual(expected));
