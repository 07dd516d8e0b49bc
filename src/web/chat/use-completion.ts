import { useState } from "react";
import { useCommands } from "../api/commands.ts";
import { type CommandInfo, commandPrefix, completeCommand, matchCommands } from "./command-completion.ts";

export interface Completion {
  /** Empty: nothing is offered. */
  options: CommandInfo[];
  index: number;
  setIndex: (index: number) => void;
  choose: (command: CommandInfo) => void;
  /** Handles a key of the text field; true: it was meant for the list. */
  onKey: (key: string) => boolean;
}

/** Offers `/` commands for what is typed. `apply` replaces the text and places the caret. */
export function useCompletion(text: string, caret: number, apply: (text: string, caret: number) => void): Completion {
  const commands = useCommands();
  const [index, setIndex] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const prefix = commandPrefix(text, caret);
  const matches = prefix === null || dismissed === text ? [] : matchCommands(commands.data ?? [], prefix);
  // A name typed in full needs no list, so that Enter sends it.
  const options = matches.length === 1 && matches[0]?.name === prefix && text === `/${prefix}` ? [] : matches;
  const at = Math.min(index, Math.max(0, options.length - 1));

  const choose = (command: CommandInfo) => {
    const next = completeCommand(text, command);
    setIndex(0);
    apply(next.text, next.caret);
  };

  const onKey = (key: string): boolean => {
    if (options.length === 0) return false;
    const chosen = options[at];
    switch (key) {
      case "ArrowDown":
        setIndex((at + 1) % options.length);
        return true;
      case "ArrowUp":
        setIndex((at + options.length - 1) % options.length);
        return true;
      case "Escape":
        setDismissed(text);
        return true;
      case "Tab":
      case "Enter":
        if (chosen) choose(chosen);
        return true;
      default:
        return false;
    }
  };

  return { options, index: at, setIndex, choose, onKey };
}
