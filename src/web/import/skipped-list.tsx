import type { ImportPlan } from "../../import/shapes.ts";

/** What is left out, and why. Folded: it is often long, and seldom what one came for. */
export function SkippedList({ skipped }: { skipped: ImportPlan["skipped"] }) {
  if (skipped.length === 0) return null;
  return (
    <details className="import-skipped">
      <summary>{skipped.length === 1 ? "One thing is left out" : `${skipped.length} things are left out`}</summary>
      <ul>
        {skipped.map(({ path, reason }, index) => (
          <li key={index}>
            <b>{path}</b> {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
