import { Link } from "wouter";
import { ApiError } from "../api/api-error.ts";
import { type MemoryView, useMemory } from "../api/memory.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { MemoryRow } from "./memory-row.tsx";

interface Props {
  id: string;
  busy: string | null;
  onForget: (memory: MemoryView) => void;
}

/** The memory that a link leads to, above all others. */
export function OneMemory({ id, busy, onForget }: Props) {
  const query = useMemory(id);
  const gone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <section className="memory-one" aria-label="The memory that you opened">
      {gone ? (
        <p className="note">
          <Icon name="info" size={18} />
          <span>This memory is not there any more. It was forgotten.</span>
        </p>
      ) : (
        <QueryView query={query} lines={1}>
          {(memory) => (
            <>
              <ul className="memory-list">
                <MemoryRow memory={memory} withKind found busy={busy === memory.id} onForget={onForget} />
              </ul>
              {memory.replaces !== null && <Before id={memory.replaces} />}
            </>
          )}
        </QueryView>
      )}
      <Link href="/memory" className="memory-close">
        Show everything
      </Link>
    </section>
  );
}

/** What it said before. */
function Before({ id }: { id: string }) {
  const before = useMemory(id);
  if (!before.data) return null;
  return (
    <p className="memory-next">
      Took the place of <Link href={`/memory?id=${encodeURIComponent(id)}`}>{before.data.text}</Link>
    </p>
  );
}
