/** Starts the sandbox server on a free port of loopback; null: this machine cannot wall programs off. `stop()` ends it with every session. */
export function startLinuxHost(): Promise<{ url: string; token: string; stop(): Promise<void> } | null>;
