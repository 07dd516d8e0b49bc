import { sentence } from "../lib/format.ts";

/** A quiet mark on what nobody vouches for. */
export function OutsideMark({ from }: { from: string | null }) {
  if (from === null) return null;
  return (
    <span className="tag outside" title={sentence(from)}>
      from outside
    </span>
  );
}
