import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from "react";
import { keepDraft, readDraft } from "../lib/drafts.ts";

/** The tallest the text field grows, in pixels; then it scrolls. */
const TALLEST = 240;

/** The text being written: kept over reloads, in a field that grows with it. */
export function useDraft(userId: string, field: RefObject<HTMLTextAreaElement | null>) {
  const [text, setText] = useState(() => readDraft(userId));
  const [caret, setCaret] = useState(0);

  useEffect(() => {
    const timer = window.setTimeout(() => keepDraft(userId, text), 250);
    return () => window.clearTimeout(timer);
  }, [userId, text]);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, TALLEST)}px`;
    element.style.overflowY = element.scrollHeight > TALLEST ? "auto" : "hidden";
  }, [text, field]);

  /** Replaces the text from code and places the caret. */
  const apply = useCallback(
    (next: string, at: number) => {
      setText(next);
      setCaret(at);
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(at, at);
      });
    },
    [field],
  );

  const clear = useCallback(() => {
    setText("");
    setCaret(0);
    keepDraft(userId, "");
  }, [userId]);

  return { text, setText, caret, setCaret, apply, clear };
}
