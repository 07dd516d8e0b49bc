import { checkEgressUrl } from "../../egress/check-url.ts";
import type { EgressAnswer } from "./egress-pass.ts";

/**
 * Sends a request of a sandbox on, if it may leave, with the header that it is given on the way. Redirects go back to the program, whose next request is judged like its first: a secret never follows one.
 */
export async function sendOut(
  request: Request,
  { judge, fetch }: { judge(address: string): Promise<EgressAnswer> | EgressAnswer; fetch(request: Request): Promise<Response> },
): Promise<Response> {
  const answer: EgressAnswer = checkEgressUrl(request.url).allowed ? await judge(request.url) : { allowed: false };
  if (!answer.allowed) return new Response("This host was not allowed for this command.\n", { status: 403 });
  const sent = new Request(request, { redirect: "manual" });
  if (answer.header !== null) sent.headers.set(answer.header.name, answer.header.value);
  return fetch(sent);
}
