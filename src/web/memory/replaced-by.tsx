import { Link } from "wouter";
import { useMemory } from "../api/memory.ts";
import { onDay } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";

/** What took a memory's place, and when. */
export function ReplacedBy({ id, at }: { id: string; at: number | null }) {
  const now = useNow();
  const next = useMemory(id);
  return (
    <p className="memory-next">
      Replaced{at === null ? "" : ` ${onDay(now, at)}`}
      {next.data ? (
        <>
          {" by "}
          <Link href={`/memory?id=${encodeURIComponent(id)}`}>{next.data.text}</Link>
        </>
      ) : (
        next.isError && " by one that was forgotten"
      )}
    </p>
  );
}
