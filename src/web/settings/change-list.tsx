import type { Change } from "../api/versions.ts";
import { fieldName } from "./field-name.ts";

/** What a change does, before → after. */
export function ChangeList({ changes }: { changes: Change[] }) {
  return (
    <ul className="changes">
      {changes.map((change, index) => (
        <li key={index}>
          <span className="change-field">{fieldName(change.field)}</span>
          {change.before !== null && (
            <del>
              <span className="sr">before: </span>
              {change.before}
            </del>
          )}
          {change.after !== null && (
            <ins>
              <span className="sr">after: </span>
              {change.after}
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}
