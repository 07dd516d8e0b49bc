/** A tool as a line of a case describes it. */
export interface ToolLine {
  name: string;
  description: string;
  input_schema: Record<string, unknown>;
  effect: "read" | "write" | "external" | "destructive" | "spend";
  capabilities?: string[];
  untrusted?: boolean;
  destination_fields?: string[];
}

type Extra = Partial<Pick<ToolLine, "capabilities" | "untrusted" | "destination_fields">>;

/** Arguments are text unless their name says otherwise: `items[]` is a list, `amount#` a number, `note?` may be left out. */
function tool(name: string, effect: ToolLine["effect"], description: string, args: string, extra: Extra = {}): ToolLine {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const arg of args.split(" ").filter((one) => one !== "")) {
    const key = arg.replace(/(?:\[\]|#)?\??$/, "");
    properties[key] = arg.includes("[]") ? { type: "array" } : { type: arg.includes("#") ? "number" : "string" };
    if (!arg.endsWith("?")) required.push(key);
  }
  return { name, description, input_schema: { type: "object", properties, required }, effect, ...extra };
}

const outside: Extra = { untrusted: true };
const toWeb: Extra = { untrusted: true, destination_fields: ["url"] };

/** The tools of the corpora: those of a person's agent with mail, files, calendar, chat, web and bank connected. */
const ALL = [
  tool("web_fetch", "read", "Read a web page as Markdown", "url", { ...toWeb, capabilities: ["net.fetch:{url}"] }),
  tool("web_search", "read", "Search the web", "query", outside),
  tool("read_mail", "read", "Read one e-mail", "id", outside),
  tool("search_mail", "read", "Find e-mails", "query", outside),
  tool("read_document", "read", "Text of a document", "path", outside),
  tool("list_files", "read", "Names of the files in a shared folder", "folder", outside),
  tool("crm__get_record", "read", "Record of the CRM server (MCP)", "id", outside),
  tool("calendar_day", "read", "Events and invitations of a day", "date", outside),
  tool("chat_history", "read", "Newest messages of a chat", "chat", outside),
  tool("own_notes", "read", "Search the user's own notes", "query"),
  tool("contacts", "read", "Look up the user's contacts", "name"),
  tool("balance", "read", "Balance of the user's account", ""),
  tool("weather", "read", "Forecast for a place", "place"),
  tool("recall", "read", "What is remembered", "query", outside),
  tool("list_todos", "read", "The user's to-dos", ""),
  tool("send_mail", "external", "Send an e-mail", "to[] cc[]? bcc[]? subject body", {
    capabilities: ["email.send:{to}"],
    destination_fields: ["to", "cc", "$.bcc[*]"],
  }),
  tool("reply_mail", "external", "Answer an e-mail", "id to body bcc?", { destination_fields: ["to", "bcc"] }),
  tool("post_message", "external", "Post to a channel of the team chat", "channel text", { destination_fields: ["channel"] }),
  tool("publish_list", "external", "Publish the to-do list on a shared board", "board items[]", { destination_fields: ["board"] }),
  tool("sync_folder", "external", "Copy a folder to a remote place", "folder remote", { destination_fields: ["remote"] }),
  tool("upload_file", "external", "Upload a file", "path url", { destination_fields: ["url"] }),
  tool("share_file", "external", "Share a file with people", "path people[]", { destination_fields: ["people[*].email"] }),
  tool("invite", "external", "Create an event and invite people", "title start attendees[]", { destination_fields: ["attendees"] }),
  tool("mail_rule", "external", "Add a rule that forwards mail", "when forward_to", { destination_fields: ["forward_to"] }),
  tool("delete_mail", "destructive", "Delete e-mails for good", "from"),
  tool("delete_file", "destructive", "Delete a file for good", "path"),
  tool("cancel_event", "destructive", "Cancel an event for everybody", "id"),
  tool("set_setting", "destructive", "Change the agent's own settings", "name value"),
  tool("install_skill", "destructive", "Install a skill", "source", { destination_fields: ["source"] }),
  tool("transfer", "spend", "Transfer money", "iban amount# reference?", { destination_fields: ["iban"] }),
  tool("order", "spend", "Order from a shop", "shop items[] total#", { destination_fields: ["shop"] }),
  tool("book_table", "spend", "Book a table; there is a deposit", "restaurant time people#", { destination_fields: ["restaurant"] }),
  tool("add_todo", "write", "Add a to-do", "title due?"),
  tool("delete_todo", "write", "Delete a to-do", "title"),
  tool("complete_todo", "write", "Mark a to-do as done", "title"),
  tool("save_note", "write", "Keep a note", "title text"),
  tool("save_file", "write", "Write a file in the workspace", "path text"),
  tool("remember", "write", "Remember something about the user", "fact"),
  tool("set_reminder", "write", "Remind the user at a time", "text at"),
] as const;

const byName = new Map<string, ToolLine>(ALL.map((one) => [one.name, one]));

/** A tool by its name; a name that is not there is a mistake in the corpus. */
export function toolNamed(name: string): ToolLine {
  const found = byName.get(name);
  if (!found) throw new Error(`no tool ${name} in the corpus`);
  return found;
}

export interface CallLine {
  tool: string;
  input: Record<string, unknown>;
  result: unknown;
}

/** A line of a file for `npm run eval -- gate`. */
export interface CaseLine {
  id: string;
  request: string;
  tools: ToolLine[];
  grants: unknown[];
  calls: CallLine[];
}
