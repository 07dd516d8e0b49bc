import type { ListenerView } from "../api/listeners.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { countedWords, doesWords, pollWords, sourceWords, whenWords } from "./listener-words.ts";

/** What a listener waits for, what it does then, and what came of it. */
export function ListenerFacts({ listener, onSetup }: { listener: ListenerView; onSetup: () => void }) {
  const now = useNow();
  const { source, status, poll, paused_because: why } = listener;
  const when = whenWords(listener);
  const next = pollWords(now, listener);
  const unset = listener.hook_path !== null && listener.secret === null;
  return (
    <>
      <p className="auto-when">
        {sourceWords(source)}. {doesWords(listener)}
      </p>
      {when !== null && <p className="auto-only">{when}</p>}
      <div className="auto-facts">
        {status === "paused" && (
          <span className="auto-next">
            <Icon name="pause" size={14} />
            Paused
          </span>
        )}
        <span>{countedWords(now, listener)}</span>
        {next !== null && <span>{next}</span>}
        {listener.tainted && (
          <span className="auto-outside" title="It was made where text from elsewhere was read, so it does not count as your word.">
            <Icon name="warn" size={14} />
            from outside content
          </span>
        )}
      </div>
      {why !== null && (
        <p className="auto-failed">
          <Icon name="warn" size={15} />
          <span>{why}</span>
        </p>
      )}
      {poll !== null && poll.error !== null && why === null && (
        <p className="auto-failed">
          <Icon name="warn" size={15} />
          <span>
            {poll.error}
            {poll.failures > 1 && ` ${poll.failures} times in a row.`}
          </span>
        </p>
      )}
      {unset && (
        <p className="auto-failed">
          <Icon name="key" size={15} />
          <span>
            Its signing secret is still to be entered.{" "}
            <button type="button" className="link-button" onClick={onSetup}>
              Enter it
            </button>
          </span>
        </p>
      )}
    </>
  );
}
