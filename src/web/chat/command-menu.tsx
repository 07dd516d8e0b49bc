import { useEffect, useRef } from "react";
import type { Completion } from "./use-completion.ts";

export const COMMAND_LIST = "command-list";
export const optionId = (name: string): string => `command-${name}`;

/** The list of commands above the text field. The field keeps the focus and says which one is marked. */
export function CommandMenu({ completion }: { completion: Completion }) {
  const { options, index } = completion;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [index]);
  if (options.length === 0) return null;
  return (
    <ul className="commands" id={COMMAND_LIST} role="listbox" aria-label="Commands" ref={list}>
      {options.map((command, at) => (
        // The keyboard works this list from the text field, which names the marked option.
        <li
          key={command.name}
          id={optionId(command.name)}
          role="option"
          aria-selected={at === index}
          onPointerDown={(event) => {
            event.preventDefault();
            completion.choose(command);
          }}
          onPointerMove={() => completion.setIndex(at)}
        >
          <span className="command-name">{command.usage === "" ? `/${command.name}` : command.usage}</span>
          <span className="command-what">{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
