import type { NewAuditEntry } from "../db/object/audit.ts";
import type { MessageStore } from "../db/object/messages.ts";
import { MargayError } from "../errors.ts";
import { readHost } from "../permission/host.ts";
import { SecretUse, type Vault } from "../secrets/vault.ts";
import type { By } from "./configuration.ts";

/** Names of the user's own secrets; those with a colon are Margay's (`telegram:…`, model keys). */
export const SECRET_NAME = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
const OWN_NAME = /^[\w:.-]{1,100}$/;
/** The longest value, in UTF-16 units: a private key in PEM fits. */
export const MAX_SECRET = 20_000;

/** Whether a value stands nowhere by accident: a word of ordinary text would be taken out of everything that was ever said. */
const isTelling = (value: string): boolean => value.length >= 10 && /[\d\W_]/.test(value) && /[^\d\s]/.test(value);

/** Changes to the vault, each in the audit by name. */
export class Secrets {
  constructor(
    private readonly deps: { vault: Vault; messages: Pick<MessageStore, "replaceEverywhere">; audit(entry: NewAuditEntry): void },
  ) {}

  /** `value` null: only where it may go changes; `not_found` when there is none of that name. `use` undefined: a stored one may go where it may go now; null: nowhere. */
  async put(name: string, value: string | null, use: SecretUse | null | undefined, by: By): Promise<{ name: string; lastFour: string }> {
    if (!OWN_NAME.test(name) || (use && !SECRET_NAME.test(name)))
      throw new MargayError("invalid_request", "A name has 1 to 64 lower-case letters, digits, dots, - or _.");
    if (value === null && use === undefined)
      throw new MargayError("invalid_request", "Give its `value`, or where it may go (`use`), or both.");
    const checked = use ? checkUse(use) : use;
    if (value === null) return this.#setUse(name, checked ?? null, by);
    if (value === "" || value.length > MAX_SECRET)
      throw new MargayError("invalid_request", `A secret has 1 to ${MAX_SECRET.toLocaleString("en")} characters.`);
    const stored = await this.deps.vault.put(name, value, checked);
    // It may have been said before: from now on no model reads it.
    if (isTelling(value)) this.deps.messages.replaceEverywhere(value, `[secret ${name} taken out]`);
    const now = this.deps.vault.useOf(name);
    this.#audit("stored", name, by, `Secret ${name} stored${now === null ? "" : `, for ${now.hosts.join(", ")}`}`);
    return stored;
  }

  #setUse(name: string, use: SecretUse | null, by: By): { name: string; lastFour: string } {
    if (!SECRET_NAME.test(name) || !this.deps.vault.setUse(name, use))
      throw new MargayError("not_found", `There is no secret named ${name} yet: give its value.`);
    this.#audit("changed", name, by, `Secret ${name} ${use === null ? "not for tools any more" : `now for ${use.hosts.join(", ")}`}`);
    return { name, lastFour: this.deps.vault.list().find((entry) => entry.name === name)?.lastFour ?? "" };
  }

  /** Throws `not_found` when there is none. */
  delete(name: string, by: By): null {
    if (!this.deps.vault.delete(name)) throw new MargayError("not_found", `There is no secret named ${name}.`);
    this.#audit("deleted", name, by, `Secret ${name} deleted`);
    return null;
  }

  #audit(event: string, name: string, { author, channel }: By, summary: string): void {
    this.deps.audit({ kind: "secret", event, actor: author, channel, subject: name, summary });
  }
}

/** A name of two labels or more: neither everybody nor a whole top-level domain. */
const NAME = /^(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}$/u;

/** A secret goes to named hosts only: a pattern that names no host, or everybody, is refused. */
function checkUse(use: SecretUse): SecretUse {
  const parsed = SecretUse.parse(use);
  for (const pattern of parsed.hosts) {
    const name = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
    if (!NAME.test(name) || readHost(name) === null)
      throw new MargayError("invalid_request", `"${pattern}" is no host, such as api.example.com or *.example.com.`);
  }
  if (parsed.place === "header" && parsed.header === undefined)
    throw new MargayError("invalid_request", "Which header? Name it in `header`.");
  return parsed;
}
