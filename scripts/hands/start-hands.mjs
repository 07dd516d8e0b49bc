import { startJavascriptHost } from "./javascript-host.mjs";
import { startLinuxHost } from "./linux-host.mjs";

/**
 * Starts what runs programs on this machine beside the Worker: a host for code, and a Linux where this machine can wall one off (unless MARGAY_LINUX is `off`). `vars`: the Worker's settings that say where they are.
 *
 * @returns {Promise<{ vars: Record<string, string>, stop(): Promise<void> }>}
 */
export async function startHands() {
  const [javascript, linux] = await Promise.all([startJavascriptHost(), process.env["MARGAY_LINUX"] === "off" ? null : startLinuxHost()]);
  return {
    vars: {
      SANDBOX_URL: javascript.url,
      SANDBOX_TOKEN: javascript.token,
      ...(linux === null ? {} : { LINUX_SANDBOX_URL: linux.url, LINUX_SANDBOX_TOKEN: linux.token }),
    },
    async stop() {
      await Promise.all([javascript.stop(), linux?.stop()]);
    },
  };
}
