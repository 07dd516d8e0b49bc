/**
 * Runs inside of a workerd process that is made for one run and thrown away after it: makes an isolate of what it is sent first, says whether that went well, and passes on what both sides say. It has no network and
 * nothing else to give away.
 */
export default {
  async fetch(request, { LOADER }) {
    if (request.headers.get("upgrade") !== "websocket") return new Response("ready");
    const { 0: theirs, 1: ours } = new WebSocketPair();
    ours.accept();
    ours.addEventListener("message", ({ data }) => void begin(LOADER, ours, JSON.parse(data)), { once: true });
    return new Response(null, { status: 101, webSocket: theirs });
  },
};

async function begin(loader, socket, { compatibilityDate, mainModule, modules, cpuMs }) {
  const made = Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, withBytes(module)]));
  try {
    const stub = loader.load({ compatibilityDate, mainModule, modules: made, limits: { cpuMs }, env: {}, globalOutbound: null });
    const { webSocket: code } = await stub.getEntrypoint().fetch("http://code/", { headers: { upgrade: "websocket" } });
    code.accept();
    pass(socket, code);
    pass(code, socket);
    socket.send(JSON.stringify({ loaded: true }));
  } catch (error) {
    socket.send(JSON.stringify({ failed: String(error?.message ?? error) }));
  }
}

/** Bytes come as base64. */
function withBytes(module) {
  const kind = ["wasm", "data"].find((one) => one in module);
  return kind === undefined ? module : { [kind]: Uint8Array.fromBase64(module[kind]).buffer };
}

function pass(from, to) {
  from.addEventListener("message", ({ data }) => to.send(data));
  for (const end of ["close", "error"]) from.addEventListener(end, () => to.close(1000));
}
