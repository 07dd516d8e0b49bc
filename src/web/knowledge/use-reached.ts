import { type RefObject, useEffect, useEffectEvent } from "react";

/** Calls `work` whenever an element comes near the visible part of the page that scrolls it. `turn` changes when it should be looked at anew. */
export function useReached(element: RefObject<HTMLElement | null>, enabled: boolean, turn: unknown, work: () => void): void {
  const reached = useEffectEvent(work);
  useEffect(() => {
    const sentinel = element.current;
    if (!enabled || !sentinel) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reached();
      },
      { root: sentinel.closest(".page"), rootMargin: "400px 0px" },
    );
    observer.observe(sentinel);
    return () => observer.disconnect();
  }, [element, enabled, turn]);
}
