/** One value of a payload and where it stands. */
interface Field {
  path: string;
  text: string;
  /** The lower, the sooner it is shown. */
  rank: number;
}

const MAX_DEPTH = 12;
/** Values that are looked at: somebody else wrote the payload. */
const MAX_FIELDS = 2_000;
/** Members of one list. */
const MAX_MEMBERS = 50;
/** Characters of one value, and of one that is there to be read. */
const MAX_VALUE = 300;
const MAX_PROSE = 4_000;

/** What people look for first, by the last part of a path. */
const FIRST = [
  "event",
  "type",
  "action",
  "kind",
  "name",
  "title",
  "subject",
  "summary",
  "status",
  "state",
  "conclusion",
  "severity",
  "level",
  "number",
  "full_name",
];
const PROSE = ["text", "body", "message", "description", "content", "comment", "reason", "error", "details"];
const SECOND = [
  "html_url",
  "url",
  "link",
  "permalink",
  "login",
  "user",
  "author",
  "sender",
  "email",
  "from",
  "to",
  "ref",
  "branch",
  "amount",
  "currency",
  "date",
  "created_at",
  "updated_at",
  "id",
];
/** Addresses of interfaces, marks and pictures: true, and no use. */
const NOISE = /(?:^|_)(?:node_id|gravatar_id|avatar_url|etag|sha|hash|token|cursor)$|[a-z]_url$/u;

/** What lets somebody in, and is for no model to read. */
const SECRET = /token$|secret|password|signature|api_?key|^authorization$/u;

/** A payload as lines `path: value`, what people look for first, at most `most` characters. Never throws. */
export function flatFields(payload: unknown, most: number): string {
  const fields: Field[] = [];
  collect(payload, "", 0, fields);
  let left = most;
  const lines: string[] = [];
  for (const { path, text } of fields.toSorted((a, b) => a.rank - b.rank)) {
    const line = path === "" ? text : `${path}: ${text}`;
    if (line.length + 1 > left) {
      lines.push("…");
      break;
    }
    lines.push(line);
    left -= line.length + 1;
  }
  return lines.join("\n").toWellFormed();
}

function collect(value: unknown, path: string, depth: number, fields: Field[]): void {
  if (fields.length >= MAX_FIELDS || value === null || value === undefined || value === "") return;
  if (typeof value === "object") {
    if (depth >= MAX_DEPTH) return;
    for (const [name, member] of Object.entries(value).slice(0, Array.isArray(value) ? MAX_MEMBERS : MAX_FIELDS))
      collect(member, path === "" ? name : `${path}.${name}`, depth + 1, fields);
    return;
  }
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return;
  const last = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (SECRET.test(last)) return;
  const most = PROSE.includes(last) ? MAX_PROSE : MAX_VALUE;
  const text = String(value);
  fields.push({
    path: path.slice(0, 200),
    text: text.length > most ? `${text.slice(0, most)}…` : text,
    rank: rankOf(last, depth) * MAX_FIELDS + fields.length,
  });
}

function rankOf(last: string, depth: number): number {
  const kind = FIRST.includes(last) ? 0 : PROSE.includes(last) ? 1 : SECOND.includes(last) ? 2 : NOISE.test(last) ? 20 : 4;
  return kind + depth;
}
