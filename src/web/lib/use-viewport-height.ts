import { useEffect } from "react";

/** Keeps `--view-height` at the height that is really visible: some phones lay their keyboard over the page instead of shrinking it. */
export function useViewportHeight(): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return undefined;
    const measure = () => {
      // Zooming in shrinks the visible part too, but then the page must keep its size.
      if (view.scale > 1.01) return;
      document.documentElement.style.setProperty("--view-height", `${Math.round(view.height)}px`);
      if (view.offsetTop > 0) window.scrollTo(0, 0);
    };
    measure();
    view.addEventListener("resize", measure);
    return () => view.removeEventListener("resize", measure);
  }, []);
}
