import type { FileView } from "../../workspace/shapes.ts";
import { ApiError } from "./api-error.ts";
import { refusal, withQuery } from "./client.ts";

interface Options {
  /** How much of it has gone out, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Puts a file at a path of the user's files. Rejects with an ApiError, or with the signal's reason. (`fetch` does not tell how far an upload is.) */
export async function sendFile(path: string, file: File, { onProgress, signal }: Options): Promise<FileView> {
  await readable(file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => {
      request.abort();
      reject(signal.reason as Error);
    };
    request.open("PUT", withQuery("/api/v1/workspace/content", { path }));
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("accept", "application/json");
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
