import type { TestResult } from "../api/listeners.ts";
import { Icon } from "../ui/icons.tsx";
import { conditionWords, WOULD } from "./listener-words.ts";

/** What a trial came to: each condition with what it found, and what would be done. */
export function TestReport({ result }: { result: TestResult }) {
  const good = result.would === "fire";
  return (
    <div className="test-report">
      <p className="result-note" data-tone={good ? "good" : "bad"}>
        <b>{result.done ? "Done" : WOULD[result.would]}.</b> {result.sentence}
      </p>
      {result.conditions.length > 0 && (
        <ul className="test-conditions" aria-label="Conditions">
          {result.conditions.map((item, index) => (
            <li key={index} data-holds={item.holds || undefined}>
              <Icon name={item.holds ? "check" : "close"} size={15} />
              <span>
                {conditionWords(item.condition)}
                <span className="dim"> — {item.found === null ? "there is nothing" : `found: ${item.found}`}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>What Margay would read: {result.title}</summary>
        <pre tabIndex={0} aria-label="What Margay would read">
          {result.content}
        </pre>
      </details>
    </div>
  );
}
