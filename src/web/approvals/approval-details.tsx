import type { ApprovalView } from "../../channels/approval-view.ts";
import { channelName } from "../lib/channel-name.ts";
import { effectName } from "../lib/effect-words.ts";
import { fullTime } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";

/** Everything about a call, nothing left out: the arguments scroll, and are never cut. */
export function ApprovalDetails({ approval }: { approval: ApprovalView }) {
  return (
    <details className="ask-details">
      <summary>
        Details
        <Icon name="down" size={16} />
      </summary>
      <dl className="facts">
        <dt>Tool</dt>
        <dd>
          <code>{approval.tool}</code>
        </dd>
        <dt>Effect</dt>
        <dd>{effectName(approval.effect)}</dd>
        <dt>Asked by</dt>
        <dd>{channelName(approval.channel)}</dd>
        <dt>Asked</dt>
        <dd>{fullTime(approval.created_at)}</dd>
        {approval.answered_at === null ? (
          <>
            <dt>Waits until</dt>
            <dd>{fullTime(approval.expires_at)}</dd>
          </>
        ) : (
          <>
            <dt>Answered</dt>
            <dd>
              {fullTime(approval.answered_at)}
              {approval.answered_on !== null && `, ${channelName(approval.answered_on)}`}
            </dd>
          </>
        )}
        <dt>Reason</dt>
        <dd>{approval.reason}</dd>
      </dl>
      <p className="ask-label">Complete arguments</p>
      <pre className="arguments" tabIndex={0} aria-label="Complete arguments">
        {approval.arguments}
      </pre>
    </details>
  );
}
