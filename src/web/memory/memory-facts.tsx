import { useState } from "react";
import { Link } from "wouter";
import type { MemoryView } from "../api/memory.ts";
import { fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { kindWords, sourceOf, sureWords, timeWords, usedWords } from "./memory-words.ts";

/** Where a memory is from, how it was used, and what should be known before trusting it. */
export function MemoryFacts({ memory, withKind }: { memory: MemoryView; withKind: boolean }) {
  const now = useNow();
  const [quoted, setQuoted] = useState(false);
  const source = sourceOf(now, memory);
  const { quote } = memory.source;
  const sure = sureWords(memory);
  const used = usedWords(now, memory);
  const when = fullTime(memory.created_at);
  return (
    <>
      <div className="memory-facts">
        {withKind && <span>{kindWords(memory.kind).one}</span>}
        {source.href === null ? (
          <span title={when}>{source.text}</span>
        ) : (
          <Link href={source.href} title={when}>
            {source.text}
          </Link>
        )}
        {quote !== null && quote.trim() !== "" && (
          <button
            type="button"
            className="memory-quote-button"
            title={`“${quote}”`}
            aria-expanded={quoted}
            onClick={() => setQuoted(!quoted)}
          >
            <Icon name="quote" size={14} /> {quoted ? "Hide the quote" : "Quote"}
          </button>
        )}
        {timeWords(now, memory).map((words) => (
          <span key={words}>{words}</span>
        ))}
        <span>{used ?? "Not used yet"}</span>
        {sure !== null && <span className="memory-unsure">{sure}</span>}
        {memory.tainted && (
          <span className="memory-outside" title="It was made where text from elsewhere was read, so it does not count as your word.">
            <Icon name="warn" size={14} /> from outside content
          </span>
        )}
      </div>
      {quoted && <blockquote className="memory-quote plain">{quote}</blockquote>}
    </>
  );
}
