import type { HookScheme } from "../hook-scheme.ts";
import { anyMatches, base64Hmac, hexBytes, hexText, isFresh, randomBytes, signedBytes, utf8Bytes } from "./hmac-sha256.ts";
import type { SignatureScheme } from "./signature.ts";

/** HMAC-SHA256 (RFC 2104) under the UTF-8 bytes of the secret, in a header that the user names. With a timestamp header `<timestamp>.<body>` is signed, else the body: then who saw a request can send it again. */
export const hmac: SignatureScheme<Extract<HookScheme, { name: "hmac" }>> = {
  title: "Signed",
  theirs: false,
  newSecret: () => hexText(randomBytes()),
  secretProblem: () => null,
  async verify({ headers, body, now }, secrets, { header, encoding, prefix, timestamp_header, id_header }) {
    const given = headers[header]?.trim();
    const bare = given?.startsWith(prefix) === true ? given.slice(prefix.length) : undefined;
    const signature = encoding === "hex" ? hexBytes(bare) : base64Hmac(bare);
    const timestamp = timestamp_header === null ? undefined : headers[timestamp_header];
    const signed = timestamp_header === null ? new Uint8Array(body) : signedBytes(`${timestamp ?? ""}.`, body);
    const right = await anyMatches(secrets.map(utf8Bytes), signature === null ? [] : [signature], signed);
    if (signature === null || !right || (timestamp_header !== null && !isFresh(timestamp, now))) return null;
    if (id_header !== null) return { kind: "event", id: headers[id_header] ?? null, signed: false, differs: false };
    // The same bytes at another signed time are another delivery.
    return timestamp === undefined
      ? { kind: "event", id: null, signed: false, differs: false }
      : { kind: "event", id: `${timestamp}:${hexText(signature)}`, signed: true, differs: false };
  },
  sample: { headers: {}, payload: { event: "backup.finished", host: "nas", ok: true, seconds: 312 } },
};
