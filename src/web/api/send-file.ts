import type { FileView } from "../../workspace/shapes.ts";
import { ApiError } from "./api-error.ts";
import { refusal, send, withQuery } from "./client.ts";
import { contentAddress } from "./file-content.ts";

interface Options {
  /** What it goes over: a version that was seen; nothing; or, where it is left out, whatever there is. Anything else is refused with 412. */
  over: number | null | undefined;
  /** How much of it has gone out, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Puts a file at a path of the user's files. Rejects with an ApiError, or with the signal's reason. (`fetch` does not tell how far an upload is.) */
export async function sendFile(path: string, file: File, { over, onProgress, signal }: Options): Promise<FileView> {
  await readable(file);
  const condition = await conditionOf(path, over, signal);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => {
      request.abort();
      reject(signal.reason as Error);
    };
    request.open("PUT", withQuery("/api/v1/workspace/content", { path }));
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("accept", "application/json");
    if (condition !== null) request.setRequestHeader(...condition);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as FileView);
      else reject(refusal(request.status, body));
    });
    request.addEventListener("error", () =>
      reject(new ApiError("offline", "The upload broke off. Check your connection and try again.", 0)),
    );
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    request.send(file);
  });
}

async function conditionOf(path: string, over: number | null | undefined, signal: AbortSignal): Promise<[string, string] | null> {
  if (over === undefined) return null;
  if (over === null) return ["if-none-match", "*"];
  const { headers, status } = await send(contentAddress(path, over), { method: "HEAD", signal });
  // Its bytes are lost, which a new version mends.
  if (status === 410) return null;
  // The version is not there any more: nor is what was seen.
  const etag = status === 404 ? '"gone"' : headers.get("etag");
  if (etag === null) throw refusal(status, null);
  return ["if-match", etag];
}

/** A folder that is dropped looks like a file until it is read; and a file may have gone since it was chosen. */
async function readable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new ApiError("invalid_request", "This cannot be read. If it is a folder, choose the files in it.", 0);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
