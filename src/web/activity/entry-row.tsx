import type { AuditEntry } from "../../audit/entry.ts";
import type { UndoableView } from "../api/undo.ts";
import { channelName } from "../lib/channel-name.ts";
import { effectName } from "../lib/effect-words.ts";
import { dollars } from "../lib/format.ts";
import { clock, fullTime } from "../lib/time.ts";
import { UndoButton } from "../ui/undo-button.tsx";
import { outcomeOf, sentenceOf } from "./entry-words.ts";

interface Props {
  entry: AuditEntry;
  /** The way back, where there is one. */
  change: UndoableView | undefined;
}

/** One entry of the trail. */
export function EntryRow({ entry, change }: Props) {
  const { name, tone } = outcomeOf(entry.event);
  const { destinations, reason, tainted } = entry;
  const facts = [
    entry.tool,
    entry.effect === null ? null : effectName(entry.effect).toLowerCase(),
    entry.channel === null ? null : channelName(entry.channel),
    entry.cost_micro_usd === null ? null : dollars(entry.cost_micro_usd),
  ].filter((fact) => fact !== null);
  return (
    <li className="entry">
      <time dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at)}>
        {clock(entry.at)}
      </time>
      <div className="entry-text">
        <p className="entry-line">
          <span>{sentenceOf(entry)}</span>{" "}
          <span className="tag" data-tone={tone}>
            {name}
          </span>
        </p>
        {reason !== null && reason !== entry.summary && <p className="entry-more">{reason}</p>}
        {destinations.length > 0 && <p className="entry-more">To {destinations.join(", ")}</p>}
        {(facts.length > 0 || tainted) && (
          <p className="entry-more">
            {facts.join(" · ")}
            {facts.length > 0 && tainted && " · "}
            {tainted && <span className="entry-outside">outside content was read before</span>}
          </p>
        )}
      </div>
      {change && <UndoButton change={change} />}
    </li>
  );
}
