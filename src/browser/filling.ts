import { z } from "zod";
import { MargayError } from "../errors.ts";
import { elementFacts } from "./element-facts.ts";
import { choose, fill, giveFile } from "./input.ts";
import type { NetworkGuard } from "./network-guard.ts";
import { hostIn, type Refs } from "./refs.ts";
import type { Tab } from "./tabs.ts";

/** A field and what goes into it. */
export interface Filling {
  ref: string;
  /** `secret`: it is shown as dots wherever it stands; `hosts`: only where the frame is of one of these. */
  value:
    | { kind: "text"; text: string }
    | { kind: "secret"; valueFor(field: { type: string }, host: string, secure: boolean): Promise<string> }
    | { kind: "file"; name: string; mime: string; bytes: Uint8Array };
}

/** A field that holds a secret: dots wherever it is seen, also when the page lets people look at its password. */
const HIDE = `function () {
  this[Symbol.for("margay secret")] = true;
  this.style.setProperty("-webkit-text-security", "disc", "important");
  return true;
}`;

/** Fills one field of a page on `site`. */
export async function fillField(
  { refs, tabs, guard }: { refs: Refs; tabs: { get(id: string): Tab }; guard: NetworkGuard },
  site: string,
  ref: string,
  value: Filling["value"],
): Promise<void> {
  const handle = await refs.resolve(tabs, ref);
  const facts = await elementFacts(refs, handle);
  // Its page may have gone elsewhere since the others were filled.
  if ((await refs.siteOf(handle.frame)) !== site)
    throw new MargayError("forbidden", `[${ref}] is not on ${site} any more.`, { untrusted: "web page" });
  if (value.kind === "file") {
    if (!facts.file) throw new MargayError("invalid_request", `[${ref}] does not take files.`);
    return giveFile(refs, handle, value);
  }
  if (value.kind === "text" && facts.options.length > 0) return choose(refs, handle, value.text, facts.options);
  if (!facts.editable) throw new MargayError("invalid_request", `[${ref}] does not take text.`);
  if (value.kind === "text") {
    guard.typed(value.text, site);
    return fill(refs, handle, value.text, facts.type);
  }
  // A frame without an address of its own may be anybody's.
  if (hostIn(handle.frame.url) === "")
    throw new MargayError("forbidden", `[${ref}] is in a frame that has no address of its own, so no secret is typed there.`);
  const secret = await value.valueFor({ type: facts.type }, site, guard.isSecure(handle.frame.url));
  await refs.call(handle, HIDE, [], z.boolean());
  refs.hide(handle.ref);
  await fill(refs, handle, secret, facts.type);
}
