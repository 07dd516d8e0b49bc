import { Checkbox } from "@mantine/core";
import { FOR_PROGRAMS, type Permission, permissionWords } from "./permission-words.ts";

interface Props {
  asked: readonly Permission[];
  /** Keys of those it does not have yet; empty where it has none. */
  fresh: ReadonlySet<string>;
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

/** What a skill asks for, each with a box: what is not chosen is not there for it. */
export function PermissionChoice({ asked, fresh, chosen, onChange }: Props) {
  if (asked.length === 0) return <p className="dim">It asks for no permissions.</p>;
  return (
    <fieldset className="tool-choice">
      <legend>
        What you allow it <span>{chosen.size === asked.length ? "everything it asks for" : `${chosen.size} of ${asked.length}`}</span>
      </legend>
      <div className="skill-permissions">
        {asked.map((permission) => {
          const { key, kind, value } = permission;
          return (
            <Checkbox
              key={key}
              size="sm"
              label={
                <>
                  {permissionWords(permission)}
                  {fresh.has(key) && <span className="tag">new</span>}
                </>
              }
              description={kind === "capability" || kind === "tool" ? value : undefined}
              checked={chosen.has(key)}
              onChange={(event) => {
                const next = new Set(chosen);
                if (event.currentTarget.checked) next.add(key);
                else next.delete(key);
                onChange(next);
              }}
            />
          );
        })}
      </div>
      <p className="dim skill-for">{FOR_PROGRAMS}</p>
    </fieldset>
  );
}
