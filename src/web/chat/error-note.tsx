import { Link } from "wouter";
import { Icon } from "../ui/icons.tsx";

interface Props {
  code: string;
  message: string;
  /** Asks for the answer once more; null where that cannot be done. */
  onAgain: (() => void) | null;
}

/** Says why there is no answer, and what can be done about it. */
export function ErrorNote({ code, message, onAgain }: Props) {
  return (
    <div className="note" data-tone="error" role="alert">
      <Icon name="warn" size={18} />
      <span>{message}</span>
      <span className="note-actions">
        {code.startsWith("budget") && <Link href="/settings/usage">See usage</Link>}
        {code.startsWith("model") && <Link href="/settings/models">Check models</Link>}
        {onAgain && (
          <button type="button" onClick={onAgain}>
            Try again
          </button>
        )}
      </span>
    </div>
  );
}
