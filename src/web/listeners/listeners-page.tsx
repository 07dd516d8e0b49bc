import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { type ListenerMade, type ListenerView, useListeners } from "../api/listeners.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { HookSetup } from "./hook-setup.tsx";
import { ListenerDialog } from "./listener-dialog.tsx";
import { ListenerRow } from "./listener-row.tsx";
import { KINDS, type SourceKind } from "./listener-words.ts";

/** What Margay acts on when it happens elsewhere: services that call, feeds, pages. */
export default function ListenersPage() {
  const query = useListeners();
  const [open, setOpen] = useState<{ listener: ListenerView | null; kind: SourceKind } | null>(null);
  const [made, setMade] = useState<ListenerMade | null>(null);
  const begin = useRef<HTMLButtonElement>(null);
  const add = (kind: SourceKind) => setOpen({ listener: null, kind });
  return (
    <Page title="Events" intro="What Margay acts on when it happens elsewhere. What comes in is material to it, never your word.">
      <div className="row page-bar">
        <span />
        <Button ref={begin} leftSection={<Icon name="plus" size={17} />} onClick={() => add("hook")}>
          New listener
        </Button>
      </div>
      <QueryView query={query}>
        {(list) =>
          list.length === 0 ? (
            <Nothing onAdd={add} />
          ) : (
            <ul className="auto-list">
              {list.map((listener) => (
                <ListenerRow
                  key={listener.id}
                  listener={listener}
                  onChange={() => setOpen({ listener, kind: listener.source.kind })}
                  onSetup={setMade}
                  onDeleted={() => begin.current?.focus()}
                />
              ))}
            </ul>
          )
        }
      </QueryView>
      {open && (
        <ListenerDialog
          {...open}
          onMade={(done) => {
            setOpen(null);
            if (done !== null && done.listener.hook_path !== null) setMade(done);
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {made && <HookSetup made={made} onClose={() => setMade(null)} />}
    </Page>
  );
}

function Nothing({ onAdd }: { onAdd: (kind: SourceKind) => void }) {
  return (
    <div className="empty-page">
      <Icon name="bolt" size={36} />
      <h2>Nothing is listened to yet</h2>
      <p>Begin with where it happens.</p>
      <ul className="examples" data-three>
        {KINDS.map(({ kind, name, what }) => (
          <li key={kind}>
            <button type="button" className="example" onClick={() => onAdd(kind)}>
              <b>{name}</b>
              <span>{what}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
