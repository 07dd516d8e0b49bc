import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useGrants } from "../api/grants.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { GrantRow } from "./grant-row.tsx";
import { matches } from "./grant-search.ts";

/** Fewer than this are read faster than searched. */
const SEARCH_FROM = 6;

/** Standing permissions: those that hold, and, folded, those that ended. */
export function StandingPermissions() {
  const grants = useGrants();
  const [words, setWords] = useState("");
  return (
    <QueryView query={grants} lines={1}>
      {(all) => {
        const found = all.filter((grant) => matches(grant, words));
        const held = found.filter(({ active }) => active);
        const ended = found.filter(({ active }) => !active);
        return (
          <>
            {all.length >= SEARCH_FROM && (
              <TextInput
                aria-label="Search permissions"
                placeholder="Search"
                type="search"
                size="sm"
                leftSection={<Icon name="search" size={17} />}
                value={words}
                onChange={(event) => setWords(event.currentTarget.value)}
              />
            )}
            {held.length === 0 ? (
              <p className="dim">
                {words.trim() === "" ? "Nothing. Margay asks every time it should." : `Nothing found for “${words.trim()}”.`}
              </p>
            ) : (
              <ul className="items">
                {held.map((grant) => (
                  <GrantRow key={grant.id} grant={grant} />
                ))}
              </ul>
            )}
            {ended.length > 0 && (
              <details className="dim">
                <summary>Ended ({ended.length})</summary>
                <ul className="items folded">
                  {ended.map((grant) => (
                    <GrantRow key={grant.id} grant={grant} />
                  ))}
                </ul>
              </details>
            )}
          </>
        );
      }}
    </QueryView>
  );
}
