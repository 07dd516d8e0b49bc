import { type Env, settingsOf } from "../env.ts";

/** A one-time link to the page. The token is in the fragment, which browsers send to no server and put in no `Referer`. */
export function linkTo(env: Env, url: URL, path: "/invite" | "/reset", token: string): string {
  const base = settingsOf(env).settings.PUBLIC_URL ?? url.origin;
  return `${new URL(path, base).href}#token=${token}`;
}
