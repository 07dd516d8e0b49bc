import { useEffect, useEffectEvent, useRef, useState } from "react";
import { nextSpoken } from "../lib/spoken.ts";
import { type LiveTurn, textOf } from "./live-turn.ts";
import { ReplyText } from "./reply-text.tsx";
import { ToolCalls } from "./tool-calls.tsx";

/** An answer while it is being written. */
export function LiveReply({ turn }: { turn: LiveTurn }) {
  const text = turn.end === null ? textOf(turn) : turn.end.text;
  const waiting = turn.end === null && (text === "" || turn.tools.some((tool) => tool.status === "running"));
  return (
    <article className="reply" data-live aria-label="Margay is answering" aria-busy={turn.end === null}>
      <ToolCalls calls={turn.tools} turnId={turn.id} />
      {text !== "" && <ReplyText text={text} growing />}
      {waiting && (
        <p className="thinking">
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className="sr">Margay is working</span>
        </p>
      )}
      {turn.notice !== null && <p className="aside">{turn.notice}</p>}
      <Spoken text={text} ended={turn.end !== null} />
    </article>
  );
}

/** How often a screen reader is told what is new, in milliseconds. */
const SPEAK_EVERY = 2000;

/** Reads a streamed reply to screen readers in whole sentences, calmly. */
function Spoken({ text, ended }: { text: string; ended: boolean }) {
  const [words, setWords] = useState("");
  const said = useRef(0);
  const speak = useEffectEvent(() => {
    const next = nextSpoken(text, said.current, ended);
    said.current = next.said;
    if (next.speak !== "") setWords(next.speak);
  });
  useEffect(() => {
    const timer = window.setInterval(() => speak(), SPEAK_EVERY);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <div className="sr" aria-live="polite" aria-atomic="true">
      {words}
    </div>
  );
}
