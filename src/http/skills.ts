import { z } from "zod";
import { writeZip } from "../skills/write-zip.ts";
import {
  MAX_SKILL_UPLOAD,
  SkillComparison,
  SkillDetail,
  SkillEnable,
  SkillFilePath,
  SkillInstalled,
  SkillList,
  SkillName,
  SkillRollback,
  SkillRun,
  SkillRunResult,
  SkillSource,
  SkillUses,
  SkillVersionId,
  SkillView,
} from "../skills/shapes.ts";
import { askAgent } from "./ask-agent.ts";
import { contentDisposition } from "./file-names.ts";
import { servedHeaders } from "./files.ts";
import { readSkillUpload } from "./read-skill-upload.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const tag = "Skills";
const path = "/api/v1/skills";
const params = z.object({ name: SkillName });
const missing = { 404: { description: "`not_found`: there is no such skill or version." } };
const binary = z.string().meta({ format: "binary" });

/** What the user's agent knows how to do well: built in, installed, or written by it. */
export const skillRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path,
    who: "user",
    tag,
    summary: "Skills: built-in ones, installed ones, those that were uninstalled and can be brought back",
    responses: { 200: { description: "By name.", schema: SkillList } },
    handle: (context) => retrying(() => askAgent(context, "skills.list", null)),
  }),
  defineRoute({
    method: "POST",
    path,
    who: "user",
    tag,
    summary: "Install a skill, or a new version of one. Runs nothing of it and grants nothing",
    bodyKind: "bytes",
    body: SkillSource,
    maxBody: MAX_SKILL_UPLOAD,
    headers: {
      "Content-Type":
        "`application/json` with `text` or `url`; a zip (`application/zip`, its folder in `?folder=` where it holds several); or `multipart/form-data` with a zip in `file`, or the folder's files as `files`, each with its path as file name.",
    },
    responses: {
      201: { description: "What it is, what it asks for, what is in it, what the scan found.", schema: SkillInstalled },
      400: {
        description:
          "`invalid_request`: it cannot be read, and the message says why; with several skills in it, `details.folders` names them. `unsupported`: not an address of GitHub or GitLab.",
      },
      404: { description: "`not_found`: there is no skill in the folder that is named." },
      409: { description: "`conflict`: the name is one of Margay's own, or there are 200 skills." },
      413: { description: "`payload_too_large`: larger than 20 MB, packed or unpacked." },
    },
    async handle(context) {
      const arrival = await readSkillUpload(context.request);
      // The same content again is the same version, so what was cut off on the way is asked for anew.
      return Response.json(await retrying(() => askAgent(context, "skills.install", arrival)), { status: 201 });
    },
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{name}`,
    who: "user",
    tag,
    summary: "One skill with its versions: everything that is to be looked at before it is enabled",
    params,
    responses: { 200: { description: "As it is now.", schema: SkillDetail }, ...missing },
    handle: (context) => retrying(() => askAgent(context, "skills.get", context.params.name)),
  }),
  defineRoute({
    method: "DELETE",
    path: `${path}/{name}`,
    who: "user",
    tag,
    summary: "Uninstall a skill. For 30 days it can be brought back",
    params,
    responses: {
      200: { description: "As it was.", schema: SkillView },
      403: { description: "`forbidden`: it is one of Margay's own, which can only be disabled." },
      ...missing,
    },
    handle: (context) => askAgent(context, "skills.uninstall", context.params.name),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/restore`,
    who: "user",
    tag,
    summary: "Bring an uninstalled skill back. It is not enabled",
    params,
    responses: { 200: { description: "As it is now.", schema: SkillDetail }, ...missing },
    handle: (context) => askAgent(context, "skills.restore", context.params.name),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/enable`,
    who: "user",
    tag,
    summary: "Enable a version that was looked at, with the permissions that it gets",
    params,
    body: SkillEnable,
    responses: {
      200: { description: "As it is now.", schema: SkillDetail },
      400: { description: "`invalid_request`: a permission is not among those it asks for; the message names it." },
      409: { description: "`conflict`: the scan found something dangerous; it is enabled with `acknowledge` only." },
      ...missing,
    },
    handle: (context) => retrying(() => askAgent(context, "skills.enable", { name: context.params.name, enable: context.body })),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/disable`,
    who: "user",
    tag,
    summary: "Disable a skill: what it was granted is taken back",
    params,
    responses: { 200: { description: "As it is now.", schema: SkillDetail }, ...missing },
    handle: (context) => retrying(() => askAgent(context, "skills.disable", context.params.name)),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/rollback`,
    who: "user",
    tag,
    summary: "Go back to an earlier version. It gets what it asks for of what is granted now. Back to the one in use: what waits is let go",
    params,
    body: SkillRollback,
    responses: {
      200: { description: "As it is now.", schema: SkillDetail },
      409: { description: "`conflict`: that version was never in use; enable it." },
      ...missing,
    },
    handle: (context) => askAgent(context, "skills.rollback", { name: context.params.name, version: context.body.version }),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/update`,
    who: "user",
    tag,
    summary: "Fetch a skill that came from an address again",
    params,
    responses: {
      200: { description: "What became of it.", schema: SkillInstalled },
      409: { description: "`conflict`: it came from no address." },
      ...missing,
    },
    handle: (context) => askAgent(context, "skills.update", context.params.name),
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{name}/compare`,
    who: "user",
    tag,
    summary: "What differs between two versions",
    params,
    query: z.object({ from: SkillVersionId, to: SkillVersionId }),
    responses: { 200: { description: "By file.", schema: SkillComparison }, ...missing },
    handle: (context) => retrying(() => askAgent(context, "skills.compare", { name: context.params.name, ...context.query })),
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{name}/content`,
    who: "user",
    tag,
    summary: "The bytes of one of its files",
    params,
    query: z.object({ path: SkillFilePath, version: SkillVersionId.optional() }),
    responses: { 200: { description: "Its bytes.", contentType: "application/octet-stream", schema: binary }, ...missing },
    async handle(context) {
      const { path: file, version = null } = context.query;
      const { bytes, text } = await retrying(() => askAgent(context, "skills.file", { name: context.params.name, version, path: file }));
      const mime = text ? "text/plain;charset=utf-8" : "application/octet-stream";
      return new Response(bytes, { headers: { ...servedHeaders(mime, file.slice(file.lastIndexOf("/") + 1)), "content-type": mime } });
    },
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{name}/export`,
    who: "user",
    tag,
    summary: "A version as a zip, the one in use where none is named",
    params,
    query: z.object({ version: SkillVersionId.optional() }),
    responses: {
      200: { description: "The zip, which can be installed again.", contentType: "application/zip", schema: binary },
      ...missing,
    },
    async handle(context) {
      const { name } = context.params;
      const files = await retrying(() => askAgent(context, "skills.export", { name, version: context.query.version ?? null }));
      return new Response(writeZip(name, files), {
        headers: { "content-type": "application/zip", "content-disposition": contentDisposition("attachment", `${name}.zip`) },
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: `${path}/{name}/uses`,
    who: "user",
    tag,
    summary: "The last uses of a skill: reading its instructions, running its programs",
    params,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    responses: { 200: { description: "The newest first.", schema: SkillUses }, ...missing },
    handle: (context) => retrying(() => askAgent(context, "skills.uses", { name: context.params.name, limit: context.query.limit })),
  }),
  defineRoute({
    method: "POST",
    path: `${path}/{name}/run`,
    who: "user",
    tag,
    summary: "Run one of its programs, with what the skill was granted and nothing else",
    params,
    body: SkillRun,
    responses: { 200: { description: "What became of it.", schema: SkillRunResult }, ...missing },
    handle: (context) => askAgent(context, "skills.run", { name: context.params.name, run: context.body }),
  }),
];
