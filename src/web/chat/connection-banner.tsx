import { useEffect, useState } from "react";
import { Icon } from "../ui/icons.tsx";
import { useChat } from "./use-chat.ts";

/** A short drop is not worth a word; milliseconds until one is said. */
const PATIENCE = 1500;

/** Says when the connection is gone, that nothing is lost, and lets the reader try at once. */
export function ConnectionBanner() {
  const { session, state } = useChat();
  const [shown, setShown] = useState(false);
  const gone = state.connection !== "open";
  useEffect(() => {
    if (!gone) {
      setShown(false);
      return undefined;
    }
    const timer = window.setTimeout(() => setShown(true), PATIENCE);
    return () => window.clearTimeout(timer);
  }, [gone]);
  const waiting = state.pending.length;
  return (
    <div role="status">
      {shown && (
        <div className="banner">
          <Icon name="warn" size={18} />
          <span>
            {navigator.onLine ? "Reconnecting…" : "You are offline."}
            {waiting > 0 && ` ${waiting === 1 ? "Your message is" : `${waiting} messages are`} kept and sent when the connection is back.`}
          </span>
          <button type="button" onClick={() => session.hurry()}>
            Try now
          </button>
        </div>
      )}
      {state.error !== null && (
        <div className="banner" data-tone="error">
          <Icon name="warn" size={18} />
          <span>{state.error}</span>
          <button type="button" onClick={() => session.clearError()}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
