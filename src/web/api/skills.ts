import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  SkillComparison,
  SkillDetail,
  SkillEnable,
  SkillFileView,
  SkillFindingView,
  SkillInstalled,
  SkillList,
  SkillPermissionsShape,
  SkillUse,
  SkillUses,
  SkillVersionView,
  SkillView,
} from "../../skills/shapes.ts";
import type { z } from "zod";
import { del, get, post, refusal, send, withQuery } from "./client.ts";
import { type FileText, startOf } from "./file-content.ts";

export type { SkillComparison, SkillDetail, SkillInstalled, SkillUse };
export type SkillFinding = z.infer<typeof SkillFindingView>;
export type SkillFile = SkillFileView;
export type SkillPermissions = SkillPermissionsShape;
export type Skill = z.infer<typeof SkillView>;
export type SkillVersion = SkillVersionView;
export type EnableInput = z.input<typeof SkillEnable>;

const ROOT = "/api/v1/skills";
const address = (name: string, verb = ""): string => `${ROOT}/${encodeURIComponent(name)}${verb === "" ? "" : `/${verb}`}`;

export const useSkills = () =>
  useQuery({ queryKey: ["skills", "list"], queryFn: async ({ signal }) => (await get<SkillList>(ROOT, signal)).skills });

export const useSkill = (name: string) =>
  useQuery({ queryKey: ["skills", "one", name], queryFn: ({ signal }) => get<SkillDetail>(address(name), signal) });

export const useSkillUses = (name: string) =>
  useQuery({
    queryKey: ["skills", "uses", name],
    queryFn: async ({ signal }) => (await get<SkillUses>(withQuery(address(name, "uses"), { limit: 20 }), signal)).uses,
  });

/** What differs between two versions. What a version holds never changes, so it is read once. */
export const useSkillComparison = (name: string, from: string, to: string) =>
  useQuery({
    queryKey: ["skill-comparison", name, from, to],
    queryFn: ({ signal }) => get<SkillComparison>(withQuery(address(name, "compare"), { from, to }), signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Where the bytes of one of its files are. */
export const skillFileAddress = (name: string, version: string, path: string): string =>
  withQuery(address(name, "content"), { path, version });

/** A version as a zip. */
export const skillZipAddress = (name: string, version: string): string => withQuery(address(name, "export"), { version });

/** The beginning of one of its files as text. */
export const useSkillFile = (name: string, version: string, path: string) =>
  useQuery({
    queryKey: ["skill-file", name, version, path],
    queryFn: async ({ signal }): Promise<FileText> => {
      const response = await send(skillFileAddress(name, version, path), { signal });
      if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
      return startOf(response.body);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What is brought as a skill. `folder`: the one that is meant, where there are several. */
export type Arrival =
  | { kind: "zip"; file: File; folder?: string }
  | { kind: "files"; files: { path: string; file: File }[]; folder?: string }
  | { kind: "text"; text: string }
  | { kind: "url"; url: string; folder?: string };

/** What became of it. `several`: it holds several skills, in these folders, and one has to be chosen. */
export type Arrived = { kind: "installed"; skill: SkillInstalled } | { kind: "several"; folders: string[] };

async function install(arrival: Arrival): Promise<Arrived> {
  const response = await send(ROOT, { method: "POST", ...bodyOf(arrival) });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return { kind: "installed", skill: answer as SkillInstalled };
  const folders = foldersOf(answer);
  if (response.status === 400 && folders.length > 1) return { kind: "several", folders };
  throw refusal(response.status, answer);
}

function bodyOf(arrival: Arrival): Pick<RequestInit, "body" | "headers"> {
  if (arrival.kind === "text" || arrival.kind === "url") {
    const { kind: _kind, ...source } = arrival;
    return { body: JSON.stringify(source), headers: { "content-type": "application/json" } };
  }
  const form = new FormData();
  if (arrival.kind === "zip") form.append("file", arrival.file, arrival.file.name);
  else for (const { path, file } of arrival.files) form.append("files", file, path);
  if (arrival.folder !== undefined) form.append("folder", arrival.folder);
  return { body: form };
}

/** `{ error: { details: { folders: […] } } }`, in whatever was answered. */
export function foldersOf(answer: unknown): string[] {
  const within = (value: unknown, name: string): unknown => (typeof value === "object" && value !== null ? Reflect.get(value, name) : null);
  const folders = within(within(within(answer, "error"), "details"), "folders");
  return Array.isArray(folders) ? folders.filter((folder) => typeof folder === "string") : [];
}

/** Everything that changes skills, with what is shown read anew after each change. */
export function useSkillActions() {
  const queries = useQueryClient();
  const onSettled = () => Promise.all(["skills", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const take = (detail: SkillDetail) => queries.setQueryData(["skills", "one", detail.skill.name], detail);
  const add = useMutation({
    mutationFn: install,
    onSuccess: (arrived) => arrived.kind === "installed" && take(arrived.skill),
    onSettled,
  });
  const enable = useMutation({
    mutationFn: ({ name, ...input }: EnableInput & { name: string }) => post<SkillDetail>(address(name, "enable"), input),
    onSuccess: take,
    onSettled,
  });
  const verb = (word: "disable" | "restore") => (name: string) => post<SkillDetail>(address(name, word));
  const disable = useMutation({ mutationFn: verb("disable"), onSuccess: take, onSettled });
  const restore = useMutation({ mutationFn: verb("restore"), onSuccess: take, onSettled });
  const update = useMutation({
    mutationFn: (name: string) => post<SkillInstalled>(address(name, "update")),
    onSuccess: take,
    onSettled,
  });
  const rollback = useMutation({
    mutationFn: ({ name, version }: { name: string; version: string }) => post<SkillDetail>(address(name, "rollback"), { version }),
    onSuccess: take,
    onSettled,
  });
  const uninstall = useMutation({ mutationFn: (name: string) => del<Skill>(address(name)), onSettled });
  return { add, enable, disable, restore, update, rollback, uninstall };
}
