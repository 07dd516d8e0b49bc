import type { EgressOptions, EgressResult } from "../egress/egress-result.ts";
import { MargayError } from "../errors.ts";
import { gitSource } from "./git-source.ts";
import { type Folder, readZip } from "./read-zip.ts";
import { MAX_SKILL_UPLOAD } from "./shapes.ts";

const TIMEOUT_MS = 60_000;

export interface FetchSkillDeps {
  egress: { get(address: string, options: EgressOptions): Promise<EgressResult> };
}

/**
 * Fetches a skill from the address that the user gave: a repository's archive, from the one host that makes them, without following anything elsewhere. `source`: the address to fetch it from again.
 */
export async function fetchSkill(address: string, wanted: string, { egress }: FetchSkillDeps): Promise<Folder & { source: string }> {
  const { archive, folder, address: whole, addressOf } = gitSource(address);
  const result = await egress.get(archive, { follow: "same-host", maxBytes: MAX_SKILL_UPLOAD, timeoutMs: TIMEOUT_MS });
  if (!result.ok) throw new MargayError("invalid_request", `The repository could not be fetched. ${result.message}`);
  if (result.status === 404 || result.status === 401 || result.status === 403)
    throw new MargayError("not_found", "There is no such repository or branch, or it is not public. Look at the address, or upload a zip.");
  if (result.status !== 200)
    throw new MargayError("invalid_request", `The repository could not be fetched: its host answered ${result.status}.`);
  if (result.truncated)
    throw new MargayError("payload_too_large", "The repository is larger than 20 MB. Upload the skill's folder as a zip instead.");
  const asked = wanted.split("/").filter((part) => part !== "" && part !== ".");
  if (asked.length === 0) return { ...readZip(result.bytes, folder), source: whole };
  // The folder that was chosen is part of where it came from: without it, an update would not know which one it is.
  return { ...readZip(result.bytes, asked.join("/")), source: addressOf(asked.join("/")) };
}
