import { composeReply, type EmailTarget } from "../../channels/email/compose.ts";
import { sendFailure } from "../../channels/email/send-failure.ts";
import type { Env } from "../../env.ts";
import { log } from "../../log.ts";

/** Answers a mail with a text of Margay's own, usually a sentence. Tried once: who does not get it sees the same on the page. Never throws. */
export async function sayByMail(env: Env, target: EmailTarget, text: string): Promise<void> {
  if (!env.EMAIL) return;
  try {
    await env.EMAIL.send(composeReply(target, { text, status: "done" }));
  } catch (error) {
    log("mail_say", { reason: sendFailure(error).reason }, "warn");
  }
}
