import { Loader } from "@mantine/core";
import type { ApprovalView } from "../../channels/approval-view.ts";
import { channelName } from "../lib/channel-name.ts";
import { Icon } from "../ui/icons.tsx";
import { standing, type Tone, toneOf } from "./approval-words.ts";

const MARKS = { good: "check", bad: "warn", quiet: "stop" } as const;

/** An answered approval in a line or two. */
export function ApprovalStanding({ approval, titleId }: { approval: ApprovalView; titleId: string }) {
  const tone = toneOf(approval.state);
  const elsewhere = approval.answered_on !== null && approval.answered_on !== "web";
  return (
    <div className="ask-ended" data-tone={tone}>
      <span className="ask-mark">
        <Mark tone={tone} />
      </span>
      <div>
        <p className="ask-asked" id={titleId}>
          {approval.description}
        </p>
        <p className="ask-how" role="status">
          {standing(approval)}
          {elsewhere && ` Answered by ${channelName(approval.answered_on ?? "")}.`}
        </p>
        {approval.state === "executing" && approval.progress !== undefined && <p className="tool-progress">{approval.progress}</p>}
        {approval.note !== null && <p className="ask-note">You added: {approval.note}</p>}
      </div>
    </div>
  );
}

function Mark({ tone }: { tone: Tone }) {
  return tone === "busy" ? <Loader size={15} aria-label="under way" /> : <Icon name={MARKS[tone]} size={17} />;
}
