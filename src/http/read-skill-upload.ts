import { MargayError } from "../errors.ts";
import { chooseFolder } from "../skills/choose-folder.ts";
import { type Folder, isBeside, readZip } from "../skills/read-zip.ts";
import { MAX_SKILL_UPLOAD, SkillSource } from "../skills/shapes.ts";
import type { FolderEntry } from "../skills/skill.ts";
import { SKILL_LIMITS } from "../skills/skill.ts";
import type { SkillArrival } from "../skills/skill-arrival.ts";
import { parseJson, readBytes } from "./body.ts";
import { cleanFileName } from "./file-names.ts";
import { parseInput } from "./parse-input.ts";

/** What a multipart body may be longer than its files: boundaries and part headers of 2,000 files. */
const MULTIPART_MARGIN = 1024 * 1024;

/**
 * What a request brings as a skill: a zip, a form (one zip in the field `file`, or the folder's files, each a field `files` whose file name is its path), or JSON with a pasted text or an address. Bytes are unpacked here and not in
 * the user's object, which has better to do.
 */
export async function readSkillUpload(request: Request): Promise<SkillArrival> {
  const type = request.headers.get("content-type")?.toLowerCase() ?? "";
  if (type.startsWith("multipart/form-data")) return readForm(request, request.headers.get("content-type") ?? "");
  if (type.split(";")[0]?.trim() === "application/json") {
    const source = parseInput(SkillSource, parseJson(await readBytes(request, MAX_SKILL_UPLOAD)), "body");
    if ("url" in source) return { kind: "git", url: source.url, folder: source.folder ?? "" };
    return folderArrival("paste", "", { name: "", entries: [{ path: "SKILL.md", bytes: new TextEncoder().encode(source.text) }] });
  }
  return folderArrival("zip", "", readZip(await zipBytes(request), new URL(request.url).searchParams.get("folder") ?? ""));
}

const folderArrival = (origin: "upload" | "zip" | "paste", source: string, { name, entries }: Folder): SkillArrival => ({
  kind: "files",
  origin,
  source,
  folder: name === "" ? null : name,
  entries,
});

async function zipBytes(request: Request): Promise<Uint8Array> {
  const bytes = await readBytes(request, MAX_SKILL_UPLOAD);
  if (bytes.length === 0) throw new MargayError("invalid_request", "The body is empty: send a zip, a form or JSON.");
  return bytes;
}

async function readForm(request: Request, type: string): Promise<SkillArrival> {
  const bytes = await readBytes(request, MAX_SKILL_UPLOAD + MULTIPART_MARGIN);
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  } catch {
    throw new MargayError("invalid_request", "The body is not valid multipart/form-data.");
  }
  const wanted = form.get("folder");
  const folder = typeof wanted === "string" ? wanted : "";
  const zip = form.get("file");
  if (zip !== null && typeof zip !== "string")
    return folderArrival("zip", cleanFileName(zip.name), readZip(new Uint8Array(await zip.arrayBuffer()), folder));
  const files = form.getAll("files").filter((file) => typeof file !== "string");
  if (files.length === 0)
    throw new MargayError("invalid_request", "Send a zip in the field `file`, or the files of the folder as fields `files`.");
  if (files.length > SKILL_LIMITS.files)
    throw new MargayError("payload_too_large", `A skill may hold at most ${SKILL_LIMITS.files.toLocaleString("en")} files.`);
  const named = files.map((file) => ({ path: file.name.replaceAll("\\", "/"), file })).filter(({ path }) => !isBeside(path));
  const home = chooseFolder(
    named.map(({ path }) => path),
    folder,
  );
  const prefix = home === "" ? "" : `${home}/`;
  const entries: FolderEntry[] = [];
  for (const { path, file } of named)
    if (path.startsWith(prefix)) entries.push({ path: path.slice(prefix.length), bytes: new Uint8Array(await file.arrayBuffer()) });
  return folderArrival("upload", "", { name: home.slice(home.lastIndexOf("/") + 1), entries });
}
