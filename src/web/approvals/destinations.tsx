import type { ApprovalView } from "../../channels/approval-view.ts";
import { Icon } from "../ui/icons.tsx";

/** Where a call goes. What the person did not name themselves is marked, and so is what may be mistaken for something else. */
export function Destinations({ list }: { list: ApprovalView["destinations"] }) {
  if (list.length === 0) return null;
  return (
    <ul className="ask-to" aria-label="Where it goes">
      {list.map((destination) => (
        <li key={destination.text} data-foreign={!destination.yours || undefined}>
          <span className="ask-to-text">{destination.text}</span>
          <span className="tag" data-tone={destination.yours ? undefined : "bad"}>
            {destination.yours ? "you named it" : "not from you"}
          </span>
          {destination.notes.map((note) => (
            <span className="ask-to-note" key={note}>
              <Icon name="warn" size={15} /> {note}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
