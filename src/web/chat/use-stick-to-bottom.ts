import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** How near the end counts as "at the end", in pixels. */
const NEAR = 80;

/**
 * Keeps a scrolled list at its end while the reader is there, and where it is when they are not. Growth at the top (older
 * messages) keeps what is being read in place.
 */
export function useStickToBottom(box: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>) {
  const [atEnd, setAtEnd] = useState(true);
  const stuck = useRef(true);
  const anchor = useRef<{ element: Element; top: number } | null>(null);

  const toEnd = useCallback(
    (smooth = false) => {
      const element = box.current;
      if (!element) return;
      stuck.current = true;
      setAtEnd(true);
      const far = element.scrollHeight - element.scrollTop > 4 * element.clientHeight;
      const calm = !smooth || far || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      element.scrollTo({ top: element.scrollHeight, behavior: calm ? "instant" : "smooth" });
    },
    [box],
  );

  /** Call before older messages are added; what is at the top of the view stays there. */
  const holdPlace = useCallback(() => {
    const first = content.current?.querySelector("article");
    anchor.current = first ? { element: first, top: first.getBoundingClientRect().top } : null;
  }, [content]);

  useLayoutEffect(() => {
    const element = box.current;
    const held = anchor.current;
    if (!element || held === null || !held.element.isConnected) return;
    const moved = held.element.getBoundingClientRect().top - held.top;
    if (moved !== 0) {
      element.scrollTop += moved;
      anchor.current = null;
    }
  });

  useEffect(() => {
    const element = box.current;
    const inner = content.current;
    if (!element || !inner) return undefined;
    let last = element.scrollTop;
    const onScroll = () => {
      const { scrollTop } = element;
      // What grows moves nothing up, only a reader does: a card that fills while the list scrolls must not let go of its end.
      if (element.scrollHeight - scrollTop - element.clientHeight < NEAR) stuck.current = true;
      else if (scrollTop < last) stuck.current = false;
      last = scrollTop;
      setAtEnd(stuck.current);
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    const observer = new ResizeObserver(() => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(inner);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [box, content]);

  return { atEnd, toEnd, holdPlace };
}
