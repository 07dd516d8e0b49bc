/** Where a vendor's own API lives when no address is given. */
export const ANTHROPIC_ROOT = "https://api.anthropic.com";
export const OPENAI_ROOT = "https://api.openai.com/v1";

/**
 * An address as people write it (`https://host`, `https://host/`, `https://host/v1/`) as SDKs want it: without a slash at the end and
 * with the API version. An address with a path of its own is left alone.
 */
export function versionedRoot(baseUrl: string): string {
  const root = baseUrl.replace(/\/+$/, "");
  const { pathname } = new URL(root);
  return pathname === "/" ? `${root}/v1` : root;
}

export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
}
