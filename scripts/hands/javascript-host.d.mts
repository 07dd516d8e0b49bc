/** Starts the host on a free port of loopback. `stop()` ends every process that it began. */
export function startJavascriptHost(): Promise<{ url: string; token: string; running(): number; stop(): Promise<void> }>;
