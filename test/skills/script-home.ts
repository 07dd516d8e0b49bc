import { createHash } from "node:crypto";
import type { z } from "zod";
import { CodeCallStore } from "../../src/db/object/code.ts";
import type { EgressOptions, EgressResult } from "../../src/egress/egress-result.ts";
import { parsePdf } from "../../src/knowledge/parse/pdf.ts";
import { CodeRunner } from "../../src/sandbox/code-runner.ts";
import type { HostRequest, JavascriptRunner, RunRequest, RunResult } from "../../src/sandbox/javascript.ts";
import { workspaceFiles } from "../../src/sandbox/linux/workspace-files.ts";
import type { LinuxSandbox } from "../../src/sandbox/linux/linux-sandbox.ts";
import { linuxScript } from "../../src/skills/linux-script.ts";
import { mayWith } from "../../src/sandbox/may-with.ts";
import { compileTool } from "../../src/tools/compile-tool.ts";
import type { CodeStores } from "../../src/tools/code/code-stores.ts";
import type { FilesPort, FileStores } from "../../src/tools/files/files-port.ts";
import { listFiles } from "../../src/tools/files/list-files.ts";
import { readFile } from "../../src/tools/files/read-file.ts";
import { writeFile } from "../../src/tools/files/write-file.ts";
import { runSkillScript } from "../../src/tools/skills/run-skill-script.ts";
import { saveSkill } from "../../src/tools/skills/save-skill.ts";
import { skilled } from "../../src/tools/skills/skilled.ts";
import type { DraftStores } from "../../src/tools/skills/draft-port.ts";
import type { SkillStores } from "../../src/tools/skills/skill-port.ts";
import { useSkill } from "../../src/tools/skills/use-skill.ts";
import { signedWeb } from "../../src/tools/web/signed-web.ts";
import type { WebStores } from "../../src/tools/web/web-port.ts";
import { webFetch } from "../../src/tools/web/web-fetch.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { MargayError } from "../../src/errors.ts";
import { bytes, filesHome } from "../support/files-home.ts";
import { aCall, memoryGate } from "../support/memory-gate.ts";
import { skillHome } from "../support/skill-home.ts";

type Stores = SkillStores & DraftStores & FileStores & WebStores & CodeStores;

/** What a program does, as a function in its place: the isolate is the runners' own affair. */
export type Program = (ask: (request: HostRequest) => Promise<unknown>, request: RunRequest) => Promise<unknown>;

const DEFAULT = ["shell.run", "skills.use", "skills.propose", "code.run", "files.read", "files.write", "net.fetch:*", "secrets.use"];

/** Skills behind the gate in plain Node, with real files and records, a web that answers everything, and functions in the place of programs. */
export function scriptHome() {
  const home = skillHome();
  const { workspace, deps: workspaceDeps, faults } = filesHome();
  const asked: { url: string; options: EgressOptions }[] = [];
  const state: { program: Program; capabilities: string[] | null; sandbox: LinuxSandbox | null } = {
    program: async () => null,
    capabilities: null,
    sandbox: null,
  };
  const kept = workspaceFiles(workspace, workspaceDeps);
  const runner: JavascriptRunner = {
    name: "process",
    microUsd: 2_000,
    async run(request, host): Promise<RunResult> {
      const rest = { cut: false, logs: [], wallMs: 5, loads: 1 };
      try {
        const ask = async (one: HostRequest): Promise<unknown> => {
          const answer = await host.ask(one);
          if (answer.ok) return answer.value;
          throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
        };
        return { ended: "done", value: JSON.stringify((await state.program(ask, request)) ?? null), error: null, ...rest };
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error("?");
        return { ended: "error", value: null, error: { name, message, line: 1 }, ...rest };
      }
    },
  };
  const code = new CodeRunner({
    runner: () => runner,
    toolsOf: () => all,
    granted: () => gate.state.granted,
    policy: (tool) => gate.state.policies[tool] ?? null,
    files: kept,
    takeBack: ({ written, version, before }, by) => workspace.takeBack(written, version, before, by),
    calls: new CodeCallStore(home.storage.sql),
    budget: { reserve: (microUsd) => ({ ok: true, reservation: { id: "r", microUsd } }), settle: () => undefined },
    module: async () => null,
    hash: (text) => createHash("sha256").update(text).digest("hex"),
    now: () => home.clock.now,
  });
  const files: Partial<FilesPort> = {
    list: (query) => workspace.list(query),
    async read(path) {
      const { file, bytes: content } = await workspace.bytes(path);
      return { file, text: new TextDecoder().decode(content), plain: true };
    },
    write: (path, text, by) => workspace.write(path, bytes(text), by),
  };
  const answer = async (url: string, options: EgressOptions): Promise<EgressResult> => {
    asked.push({ url, options });
    return {
      ok: true,
      status: 200,
      url,
      mediaType: "text/plain",
      charset: null,
      headers: {},
      bytes: new TextEncoder().encode("1 EUR is 11.5 NOK"),
      truncated: false,
      hops: [url],
    };
  };
  const web = signedWeb({
    egress: { request: answer },
    vault: { useOf: () => ({ place: "bearer", hosts: ["rates.example.com"] }), get: async () => "s3cret-value" },
    used: () => undefined,
  });
  const skills = skilled(home.skills, home.deps, {
    ...home.deps,
    skills: home.skills,
    code,
    linux: (script, context) =>
      linuxScript(script, context, {
        sandbox: () => state.sandbox,
        files: kept,
        may: mayWith({ granted: () => gate.state.granted, policy: (tool) => gate.state.policies[tool] ?? null }, context.profile),
      }),
  });
  const drafts: DraftStores["drafts"] = {
    try: async () => {
      throw new MargayError("unsupported", "No drafts here.");
    },
    compared: () => "",
    reworded: () => "",
    reword() {
      throw new MargayError("unsupported", "No drafts here.");
    },
  };
  // Only what the tools of these tests call of the files is there.
  const gate = memoryGate<Stores>({ skills, drafts, files: files as FilesPort, web: { ...web, pdf: parsePdf }, code });
  gate.state.granted = [...DEFAULT];
  const tools: Tool<z.ZodType, Stores>[] = [useSkill, runSkillScript, saveSkill, webFetch, readFile, listFiles, writeFile];
  const all = tools.map((tool) => compileTool(tool, gate.deps));
  let calls = 0;
  const call = (name: string, input: unknown, change: Parameters<typeof aCall>[0] = {}) =>
    (all.find((tool) => tool.name === name) ?? missing()).call(
      aCall({ id: `t1:${calls++}.0`, profile: state.capabilities, input, ...change }),
    );
  return {
    ...home,
    state,
    gate,
    asked,
    workspace,
    /** Of R2: thrown by the next put. */
    faults,
    all,
    call,
    /** Runs a program of a skill with what it does. */
    run(program: Program, change: Parameters<typeof aCall>[0] = {}, skill = "rates") {
      state.program = program;
      return call("run_skill_script", { skill, script: "scripts/go.js", args: { n: 1 } }, change);
    },
  };
}

function missing(): never {
  throw new Error("no tool");
}
