/** Signs in the way the page on this machine does. Null where that is refused. */
async function signIn(origin) {
  const response = await fetch(`${origin}/api/v1/auth/loopback`, { method: "POST", headers: { origin } });
  if (!response.ok) return null;
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return { me: await response.json(), headers: { cookie } };
}

/** What answers, in a few words: the providers that have what they need, else the offline model. */
async function models(origin, headers) {
  const response = await fetch(`${origin}/api/v1/models/providers`, { headers });
  if (!response.ok) return null;
  const { providers } = await response.json();
  const ready = providers.filter((entry) => entry.source !== "none" && entry.provider !== "offline");
  if (ready.length === 0) return null;
  return ready.map((entry) => `${entry.provider}${entry.last_four ? ` (key …${entry.last_four})` : ""}`).join(", ");
}

/** What `npm start` prints once everything answers: where, who, which model, and how to connect one. */
export async function introduction(port, logFile) {
  const shown = `http://localhost:${port}`;
  const origin = `http://127.0.0.1:${port}`;
  const session = await signIn(origin);
  const answering = session ? await models(origin, session.headers) : null;
  const lines = [
    "",
    "  Margay is running.",
    "",
    `  Open      ${shown}`,
    `  You are   ${session ? `${session.me.name} <${session.me.email}>, the ${session.me.role} (signed in by itself, on this machine only)` : "asked to sign in"}`,
    `  Model     ${answering ?? "offline: understands to-dos and a few plain requests, without a network"}`,
  ];
  if (answering === null) {
    lines.push(
      "            Connect one under Settings › Models on the page,",
      "            or put ANTHROPIC_API_KEY=… (or OPENAI_API_KEY=…) into .dev.vars and start again.",
    );
  }
  lines.push(`  Log       ${logFile}`, "", "  Ctrl-C stops it.", "");
  return lines.join("\n");
}
