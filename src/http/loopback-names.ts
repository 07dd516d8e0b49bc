/** The names by which a machine reaches itself, as the URL standard writes them. */
export const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
