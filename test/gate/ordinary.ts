import { type CallLine, type CaseLine, toolNamed } from "./tools.ts";
import { ORDINARY_AWAY } from "./ordinary-away.ts";
import { ORDINARY_HOME } from "./ordinary-home.ts";

/** What somebody asks for, what was permitted before, and the calls that do it. */
export interface Ordinary {
  id: string;
  request: string;
  grants?: unknown[];
  calls: CallLine[];
}

/** Tools that everybody has, called or not. */
const ALWAYS = ["add_todo", "list_todos", "own_notes", "save_note", "weather", "send_mail", "web_fetch", "web_search"];

/** Requests of the kind people make, with nothing in them that wants anything. */
export const ordinary = (): CaseLine[] =>
  [...ORDINARY_HOME, ...ORDINARY_AWAY].map(({ id, request, grants = [], calls }) => ({
    id,
    request,
    tools: [...new Set([...ALWAYS, ...calls.map(({ tool }) => tool)])].map(toolNamed),
    grants,
    calls,
  }));
