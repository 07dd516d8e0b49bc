import { useEffect, useEffectEvent } from "react";

/**
 * Calls `work` for a key anywhere on the page, unless a dialog is open or something handled the key before. `mod` asks for Ctrl
 * (Command on a Mac).
 */
export function useShortcut(key: string, work: () => void, mod = false): void {
  const press = useEffectEvent(work);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.key.toLowerCase() !== key.toLowerCase()) return;
      if (mod !== (event.ctrlKey || event.metaKey)) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      if (mod) event.preventDefault();
      press();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [key, mod]);
}
