import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CodeBlock } from "../chat/code-block.tsx";

const EXAMPLES = ["curl", "Python", "Command line"] as const;
type Example = (typeof EXAMPLES)[number];

function example(kind: Example, origin: string): string {
  switch (kind) {
    case "curl":
      return `curl ${origin}/api/v1/chat \\
  -H "Authorization: Bearer $MARGAY_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"message": "What is on my list?"}'`;
    case "Python":
      return `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=MARGAY_KEY)
answer = client.chat.completions.create(
    model="margay",
    messages=[{"role": "user", "content": "What is on my list?"}],
)
print(answer.choices[0].message.content)`;
    case "Command line":
      return `MARGAY_URL=${origin} MARGAY_KEY=… npm run chat -- "What is on my list?"`;
  }
}

/** Ready to paste: curl, any OpenAI client, the command line. */
export function ApiExamples() {
  const [kind, setKind] = useState<Example>("curl");
  const text = example(kind, window.location.origin);
  return (
    <>
      <SegmentedControl
        style={{ alignSelf: "flex-start" }}
        aria-label="Example"
        value={kind}
        onChange={(value) => setKind(EXAMPLES.find((item) => item === value) ?? "curl")}
        data={[...EXAMPLES]}
      />
      <CodeBlock text={text}>
        <code className={kind === "Python" ? "language-python" : "language-shell"}>{text}</code>
      </CodeBlock>
    </>
  );
}
