import type { HookScheme } from "../hook-scheme.ts";
import { anyMatches, hexBytes, hexText, randomBytes, utf8Bytes } from "./hmac-sha256.ts";
import type { SignatureScheme } from "./signature.ts";

/**
 * GitHub: `X-Hub-Signature-256: sha256=<hex>` over the body; `X-GitHub-Delivery` names the delivery, the same when it is sent again. There is no timestamp, and the id is not signed.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const github: SignatureScheme<Extract<HookScheme, { name: "github" }>> = {
  title: "GitHub",
  theirs: false,
  newSecret: () => hexText(randomBytes()),
  secretProblem: () => null,
  async verify({ headers, body }, secrets) {
    const signature = hexBytes(/^sha256=([0-9a-f]{64})$/iu.exec(headers["x-hub-signature-256"] ?? "")?.[1]);
    const right = await anyMatches(secrets.map(utf8Bytes), signature === null ? [] : [signature], new Uint8Array(body));
    return signature !== null && right ? { kind: "event", id: headers["x-github-delivery"] ?? null, signed: false, differs: true } : null;
  },
  sample: {
    headers: { "x-github-event": "pull_request", "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958" },
    payload: {
      action: "opened",
      number: 7,
      pull_request: {
        title: "Faster start",
        state: "open",
        html_url: "https://github.com/octo/demo/pull/7",
        draft: false,
        user: { login: "octocat" },
      },
      repository: { full_name: "octo/demo", private: true },
      sender: { login: "octocat" },
    },
  },
};
