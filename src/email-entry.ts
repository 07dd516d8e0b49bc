import type { Env } from "./env.ts";
import { log, whereOf } from "./log.ts";

const AGAIN = "Margay could not take this mail in just now. Please send it again in a few minutes.";

/**
 * The Worker's way in for mail (Cloudflare Email Routing). Never throws: what the platform makes of that is not documented, while a rejection makes the sender's server say what is wrong. A mail
 * that could not be stored is rejected too, so that nobody believes it was taken.
 */
export async function handleEmail(message: ForwardableEmailMessage, env: Env, context: ExecutionContext): Promise<void> {
  try {
    // Only when a mail comes: what reads mail is not needed to start.
    const { receiveMail } = await import("./http/email/receive-mail.ts");
    const outcome = await receiveMail(env, message, Date.now(), (work) => context.waitUntil(work));
    if (outcome.kind === "rejected") message.setReject(outcome.reason);
    log("mail", { outcome: outcome.kind, reason: "reason" in outcome ? outcome.reason : null, size: message.rawSize });
  } catch (error) {
    log("mail_not_stored", { error: whereOf(error) }, "error");
    message.setReject(AGAIN);
  }
}
