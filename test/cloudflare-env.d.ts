import type { Env as MargayEnv } from "../src/env.ts";
import type * as worker from "../src/worker.ts";

// What `env` and `exports` of "cloudflare:workers" are inside the tests.
declare global {
  namespace Cloudflare {
    interface Env extends MargayEnv {
      /** Root of the scripted model server. */
      MODEL_SERVER: string;
      /** Root of the strict Telegram Bot API server. */
      TELEGRAM_SERVER: string;
      /** What the scripted Email Service has sent. */
      MAIL_SERVER: {
        sentTo(
          address: string,
        ): Promise<{ from: string; to: string; subject: string; text: string; html: string; headers: Record<string, string> }[]>;
      };
    }
    interface GlobalProps {
      mainModule: typeof worker;
      durableNamespaces: "UserAgent" | "Executor" | "Keyring";
    }
  }
}
