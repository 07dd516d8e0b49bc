import { Button } from "@mantine/core";
import { Link } from "wouter";
import { type ShareView, useFileActions } from "../api/workspace.ts";
import { useNow } from "../lib/use-now.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { fileHref } from "./file-places.ts";
import { linkAddress, untilWords } from "./file-words.ts";

interface Props {
  shares: ShareView[];
  /** Whether the file is told, where links to several are listed. */
  named: boolean;
}

/** Links that work, each to copy and to take back. */
export function LinkRows({ shares, named }: Props) {
  const now = useNow();
  const { unshare } = useFileActions();
  const attempt = useAttempt();
  return (
    <ul className="items links" aria-label="Links">
      {shares.map((share) => (
        <li key={share.id}>
          <div className="item-text">
            {named ? (
              <Link href={fileHref(share.path)} className="doc-name">
                {share.path.slice(1)}
              </Link>
            ) : (
              <b>{untilWords(now, share)}</b>
            )}
            <span className="link-address">{named ? untilWords(now, share) : linkAddress(share)}</span>
          </div>
          <CopyButton text={linkAddress(share)} label={`Copy the link to ${share.path.slice(1)}`} size={36} />
          <Button
            variant="default"
            size="xs"
            aria-label={`Take back the link to ${share.path.slice(1)}`}
            onClick={() => void attempt(unshare.mutateAsync(share.id), () => "The link leads nowhere now.")}
          >
            Take back
          </Button>
        </li>
      ))}
    </ul>
  );
}
