import { Button } from "@mantine/core";
import { type DocumentView, useDocumentActions } from "../api/knowledge.ts";
import { Icon } from "../ui/icons.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { percent, statusWords } from "./document-words.ts";

/** How far a document was read, or why it could not be, with the way to try again. Nothing once it is read. */
export function DocumentState({ document }: { document: DocumentView }) {
  const { retry } = useDocumentActions();
  const attempt = useAttempt();
  const words = statusWords(document);
  if (words !== null) {
    return (
      <div className="doc-progress">
        {document.status === "reading" && (
          <div
            className="meter"
            role="progressbar"
            aria-label={`Reading ${document.name}`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={percent(document.progress)}
          >
            <i style={{ width: `${percent(document.progress)}%` }} />
          </div>
        )}
        <span>
          {words}
          {document.chunks !== null && "; until then the version before is used"}
        </span>
      </div>
    );
  }
  if (document.error === null) return null;
  return (
    <div className="doc-failed">
      <Icon name="warn" size={16} />
      <span>
        {document.status === "ready" && "The new version could not be read; the one before is still used. "}
        {document.error.message}
      </span>
      <Button
        size="compact-sm"
        variant="default"
        loading={retry.isPending}
        onClick={() => void attempt(retry.mutateAsync(document.id), () => "It is being read again.")}
      >
        Retry
      </Button>
    </div>
  );
}
