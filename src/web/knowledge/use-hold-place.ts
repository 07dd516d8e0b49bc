import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";

/** Keeps what is being read where it is while more is put above it. `hold` is called before; `selector` names what is held on to inside of `content`. */
export function useHoldPlace(content: RefObject<HTMLElement | null>, selector: string): () => void {
  // Measured within what scrolls, so that scrolling on in the meantime does not count.
  const anchor = useRef<{ element: HTMLElement; top: number } | null>(null);
  const hold = useCallback(() => {
    const first = content.current?.querySelector<HTMLElement>(selector);
    anchor.current = first ? { element: first, top: first.offsetTop } : null;
  }, [content, selector]);
  useLayoutEffect(() => {
    const held = anchor.current;
    const box = content.current?.closest(".page");
    if (held === null || !box || !held.element.isConnected) return;
    const moved = held.element.offsetTop - held.top;
    if (moved === 0) return;
    box.scrollTop += moved;
    anchor.current = null;
  });
  return hold;
}
