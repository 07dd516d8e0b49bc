import { readCapability } from "../permission/capability.ts";
import type { Finding } from "./scan/finding.ts";
import type { Risk, RiskLevel, Skill } from "./skill.ts";

const READS = /(?:^|\.)(?:read|search|list|get|recall|view|status)$/;
const GRAVE =
  /^(?:secrets?|vault|keys?|credentials?|settings|permissions?|grants|deploy\w*|production|infra\w*|payments?|billing|wallet|spend|accounts?|users|admin)\b/;
/** Rules of the scan that see keys being read. */
const READS_KEYS: ReadonlySet<string> = new Set(["reads-credentials", "collects-keys", "harvests-settings"]);
const KEY_NAME = /key|token|secret|passw|credential|auth|cookie|session|private|mnemonic|seed/i;
const WRITING_TOOL =
  /^(?:Bash|Write|Edit|MultiEdit|NotebookEdit|WebFetch|WebSearch|shell|exec|execute\w*|run\w*|write\w*|edit\w*|terminal|browser|fetch|http|curl)\b/i;

/**
 * How much a wrong step of a skill could cost, worked out from what it asks for and from what stands in its files: nobody's word, least of all its own. L1 where there is nothing but text that is read.
 */
export function riskOf(skill: Pick<Skill, "permissions" | "needs" | "files">, findings: readonly Finding[] = []): Risk {
  const reasons: Risk["reasons"] = [...asked(skill), ...seen(skill, findings)].toSorted((a, b) =>
    a.level < b.level ? 1 : a.level > b.level ? -1 : 0,
  );
  return { level: reasons[0]?.level ?? "L1", reasons };
}

function asked({ permissions }: Pick<Skill, "permissions">): Risk["reasons"] {
  const reasons: Risk["reasons"] = [];
  const add = (level: RiskLevel, text: string): void => void reasons.push({ level, text, from: "asked" });
  const { capabilities, hosts, paths, secrets, tools } = permissions;
  if (secrets.length > 0) add("L3", `It wants to use stored secrets: ${secrets.join(", ")}.`);
  const kinds = capabilities.map((capability) => ({ capability, kind: readCapability(capability)?.kind ?? capability }));
  const grave = kinds.filter(({ kind }) => GRAVE.test(kind));
  const writes = kinds.filter(({ kind }) => !GRAVE.test(kind) && !READS.test(kind));
  if (grave.length > 0) add("L3", `It wants to reach what others depend on: ${grave.map(({ capability }) => capability).join(", ")}.`);
  if (writes.length > 0) add("L2", `It wants to change or send things: ${writes.map(({ capability }) => capability).join(", ")}.`);
  if (hosts.length > 0) add("L2", `It wants to use the network: ${hosts.join(", ")}.`);
  if (paths.write.length > 0) add("L2", `It wants to write files: ${paths.write.join(", ")}.`);
  // A tool is known only where it is granted; until then it may be any.
  if (tools.length > 0) add("L2", `It wants tools: ${tools.join(", ")}.`);
  return reasons;
}

function seen({ needs, files }: Pick<Skill, "needs" | "files">, findings: readonly Finding[]): Risk["reasons"] {
  const reasons: Risk["reasons"] = [];
  const add = (level: RiskLevel, text: string): void => void reasons.push({ level, text, from: "seen" });
  const keys = needs.environment.filter((name) => KEY_NAME.test(name));
  if (keys.length > 0) add("L3", `Where it comes from it is given keys: ${keys.join(", ")}.`);
  if (findings.some(({ rule, severity }) => READS_KEYS.has(rule) && severity !== "info"))
    add("L3", "Its files read places where credentials are kept.");
  if (findings.some(({ severity }) => severity === "danger")) add("L3", "The scan found something that malware does.");
  const scripts = files.filter(({ kind }) => kind === "script").length;
  if (scripts > 0) add("L2", scripts === 1 ? "It brings a program." : `It brings ${scripts} programs.`);
  const tools = needs.tools.filter((name) => WRITING_TOOL.test(name));
  if (tools.length > 0) add("L2", `Where it comes from it may use: ${tools.slice(0, 8).join(", ")}.`);
  if (needs.programs.length > 0) add("L2", `It runs installed programs: ${needs.programs.slice(0, 8).join(", ")}.`);
  if (findings.some(({ rule }) => rule === "undeclared-host" || rule === "download-and-run")) add("L2", "Its files use the network.");
  return reasons;
}
