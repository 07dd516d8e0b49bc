import type { HookScheme } from "../hook-scheme.ts";
import { anyMatches, hexBytes, isFresh, signedBytes, utf8Bytes } from "./hmac-sha256.ts";
import type { SignatureScheme } from "./signature.ts";

/**
 * Slack: `X-Slack-Signature: v0=<hex>` over `v0:<X-Slack-Request-Timestamp>:<body>`. When an address is entered it asks for it with a signed `url_verification`, whose challenge is the answer.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack · https://docs.slack.dev/reference/events/url_verification
 */
export const slack: SignatureScheme<Extract<HookScheme, { name: "slack" }>> = {
  title: "Slack",
  theirs: true,
  newSecret: () => "",
  secretProblem: () => null,
  async verify({ headers, body, now }, secrets) {
    const timestamp = headers["x-slack-request-timestamp"];
    const signature = hexBytes(/^v0=([0-9a-f]{64})$/iu.exec(headers["x-slack-signature"] ?? "")?.[1]);
    const signed = signedBytes(`v0:${timestamp ?? ""}:`, body);
    const right = await anyMatches(secrets.map(utf8Bytes), signature === null ? [] : [signature], signed);
    if (signature === null || !right || !isFresh(timestamp, now)) return null;
    const said = saidIn(body);
    if (said.type === "url_verification" && typeof said.challenge === "string")
      return { kind: "challenge", answer: said.challenge.slice(0, 1_000) };
    // Commands and buttons have no id of their own: their bytes, with the timestamp they are signed with, are it.
    return {
      kind: "event",
      id: typeof said.event_id === "string" ? said.event_id : `${timestamp}:${signature.join(".")}`,
      signed: true,
      differs: false,
    };
  },
  sample: {
    headers: {},
    payload: {
      type: "event_callback",
      team_id: "T061EG9R6",
      event_id: "Ev0MDYHUEL",
      event: {
        type: "app_mention",
        user: "U061F7AUR",
        text: "<@U0LAN0Z89> is it everything a river should be?",
        channel: "C0LAN2Q65",
        ts: "1515449522.000016",
      },
    },
  },
};

function saidIn(body: Uint8Array): { type?: unknown; challenge?: unknown; event_id?: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
