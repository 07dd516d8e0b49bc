/** Unsent text, kept in the browser so that a reload loses nothing. Storage may be off or full: then it is simply not kept. */
const key = (userId: string) => `margay-draft-${userId}`;

export function readDraft(userId: string): string {
  try {
    return localStorage.getItem(key(userId)) ?? "";
  } catch {
    return "";
  }
}

export function keepDraft(userId: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(key(userId));
    else localStorage.setItem(key(userId), text);
  } catch {
    // Nothing to do: the text is still on the screen.
  }
}

/** Called at sign-out: the next person at this browser sees nothing of it. */
export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith("margay-draft-") || name.startsWith("margay-unsent-")) localStorage.removeItem(name);
  } catch {
    // Storage is off, so nothing was kept.
  }
}
