import { unzipSync, zipSync } from "fflate";
import type { z } from "zod";
import { readBody } from "../../egress/read-body.ts";
import { type ErrorCode, MargayError, withNext } from "../../errors.ts";
import { type ExecRequest, FilesDeleted, FilesWritten, type SandboxErrorCode, SandboxFailure, SessionCreated, Tree } from "./contract.ts";
import { EGRESS_HEADER, type EgressPass, writePass } from "./egress-pass.ts";
import { readExec } from "./read-exec.ts";
import type { LinuxSandbox, SandboxCommand } from "./linux-sandbox.ts";

/** The longest answer that is no file, bytes: a tree of 50,000 files has 10 million. */
const MAX_ANSWER = 32_000_000;
/** What a zip needs beside the contents, for each file. */
const ZIP_OVERHEAD = 3_000;

export interface HttpSandboxDeps {
  /** Without a slash at its end. */
  url: string;
  token: string;
  fetch(address: string, init: RequestInit): Promise<Response>;
  /** Where each request of a command is judged outside of the sandbox: what a command may reach. Absent: the server itself lets it out, and no secret can go along. */
  pass?(hosts: readonly string[], secret: string | null): Promise<EgressPass>;
}

/** The authority that requests out of a container are signed by: nothing else answers there, and programs have to take it. */
const AUTHORITY = "/etc/cloudflare/certs/cloudflare-containers-ca.crt";
const TRUST = Object.fromEntries(
  ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO"].map((name) => [
    name,
    AUTHORITY,
  ]),
);

/** The library packs by the properties of an object, and this is none: it would pack nothing at all. */
const UNNAMED = "__proto__";

/** A Linux behind the sandbox server: the local process and the container speak the same. */
export function httpSandbox({ url, token, fetch, pass }: HttpSandboxDeps): LinuxSandbox {
  const send = async (
    method: string,
    path: string,
    init: { body?: BodyInit; type?: string; egress?: string; signal?: AbortSignal },
  ): Promise<Response> => {
    const headers = new Headers({ authorization: `Bearer ${token}` });
    if (init.type !== undefined) headers.set("content-type", init.type);
    if (init.egress !== undefined) headers.set(EGRESS_HEADER, init.egress);
    // It never leads elsewhere: there the token, the user's files and commands would be told.
    const request = { method, headers, body: init.body ?? null, signal: init.signal ?? null, redirect: "manual" as const };
    const response = await fetch(`${url}${path}`, request).catch((error: unknown) => {
      init.signal?.throwIfAborted();
      throw new MargayError(
        "not_configured",
        "The Linux does not answer. Try again in a minute.",
        withNext("run_javascript works without it.", { cause: error instanceof Error ? error.message : "" }),
      );
    });
    if (response.ok) return response;
    throw await failureOf(response);
  };
  const ask = async <Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
    init: { body?: BodyInit; type?: string; signal: AbortSignal },
  ): Promise<z.output<Schema>> => {
    const response = await send(method, path, init);
    const { bytes, truncated } = await readBody(response.body, MAX_ANSWER, init.signal);
    const parsed = truncated ? null : schema.safeParse(jsonOf(bytes));
    if (!parsed?.success) throw new MargayError("internal", "The Linux answered something that is not understood.");
    return parsed.data;
  };
  const json = (value: unknown) => ({ body: JSON.stringify(value), type: "application/json" });
  return {
    async open(signal) {
      return (await ask(SessionCreated, "POST", "/v1/sessions", { ...json({}), signal })).id;
    },
    async close(session) {
      await send("DELETE", `/v1/sessions/${session}`, {});
    },
    async exec(session, command, print, signal) {
      if (command.secret !== null && pass === undefined)
        throw new MargayError(
          "unsupported",
          "A secret goes along only where each task has a container of its own.",
          withNext("Use web_fetch with the secret instead."),
        );
      const out = command.hosts.length === 0 || pass === undefined ? null : await pass(command.hosts, command.secret);
      const sent = json(execRequest(command, out === null ? {} : TRUST));
      const egress = out === null ? {} : { egress: writePass(out) };
      const response = await send("POST", `/v1/sessions/${session}/exec`, { ...sent, ...egress, signal }).catch((error: unknown) => {
        // Refused with a status: no line of an answer was sent, and nothing ran.
        throw error instanceof MargayError && error.code === "gone" ? new MargayError("gone", error.message, { began: false }) : error;
      });
      return readExec(response.body, print, signal);
    },
    tree: (session, signal) => ask(Tree, "GET", `/v1/sessions/${session}/files`, { signal }),
    async put(session, files, signal) {
      // Only packed: what is sent over loopback, or within a data centre, is not worth the time of compressing it.
      const body = zipSync(Object.fromEntries(files.flatMap(({ path, bytes }) => (path === UNNAMED ? [] : [[path, bytes]]))), { level: 0 });
      const sent = { body, type: "application/zip", signal };
      const { refused } = await ask(FilesWritten, "PUT", `/v1/sessions/${session}/files`, sent);
      const left = files.filter(({ path }) => path === UNNAMED).map(({ path }) => ({ path, reason: "bad-name" as const }));
      return [...left, ...refused];
    },
    async read(session, files, signal) {
      if (files.length === 0) return new Map();
      const expected = new Map(files.map(({ path, size }) => [path, size]));
      const most = files.reduce((sum, { size }) => sum + size + ZIP_OVERHEAD, ZIP_OVERHEAD);
      const paths = json({ paths: [...expected.keys()] });
      const response = await send("POST", `/v1/sessions/${session}/files/read`, { ...paths, signal });
      const { bytes, truncated } = await readBody(response.body, most, signal);
      if (truncated) throw new MargayError("payload_too_large", "The Linux gave more than it said it had.");
      // What grew since it was listed could be made to fill memory: it is for the next time.
      return new Map(Object.entries(unzipped(bytes, ({ name, originalSize }) => originalSize <= (expected.get(name) ?? -1))));
    },
    async delete(session, paths, signal) {
      await ask(FilesDeleted, "POST", `/v1/sessions/${session}/files/delete`, { ...json({ paths }), signal });
    },
  };
}

function execRequest({ run, cwd, stdin, timeoutMs, hosts }: SandboxCommand, env: Record<string, string>): ExecRequest {
  return {
    ...run,
    timeoutMs,
    output: "text",
    network: hosts.length === 0 ? "none" : { hosts: [...hosts] },
    ...(cwd === null ? {} : { cwd }),
    ...(stdin === null ? {} : { stdin }),
    env,
  };
}

function unzipped(bytes: Uint8Array, filter: (file: { name: string; originalSize: number }) => boolean): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch {
    throw new MargayError("internal", "The Linux gave files that cannot be unpacked.");
  }
}

/** What the server's refusals are to whoever asked for a command. */
const CODES: Record<SandboxErrorCode, ErrorCode> = {
  invalid_request: "invalid_request",
  unauthorized: "not_configured",
  not_found: "gone",
  conflict: "conflict",
  not_configured: "not_configured",
  gone: "gone",
  payload_too_large: "payload_too_large",
  rate_limited: "rate_limited",
  internal: "internal",
};

async function failureOf(response: Response): Promise<MargayError> {
  if (response.status >= 300 && response.status < 400) {
    void response.body?.cancel().catch(() => undefined);
    return new MargayError(
      "not_configured",
      "The address that is set for the Linux leads elsewhere. Set LINUX_SANDBOX_URL to where it is.",
    );
  }
  const { bytes } = await readBody(response.body, 10_000, new AbortController().signal);
  const parsed = SandboxFailure.safeParse(jsonOf(bytes));
  if (!parsed.success) return new MargayError("internal", `The Linux answered ${response.status}.`);
  const { code, message } = parsed.data.error;
  return new MargayError(CODES[code], code === "unauthorized" ? "The Linux does not take the token that is set for it." : message);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
