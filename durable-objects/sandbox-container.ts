import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { base64url } from "../src/secrets/bytes.ts";
import { ContainerHost, type ContainerPort } from "../src/sandbox/linux/container-host.ts";
import type { EgressAnswer } from "../src/sandbox/linux/egress-pass.ts";
import { sendOut } from "../src/sandbox/linux/send-out.ts";

/** What the Worker with the containers has: the containers, and nothing of the deployment whose users they work for: no storage, no keys. */
export interface SandboxEnv {
  SANDBOX: DurableObjectNamespace<SandboxContainer>;
}

/** A container for one task or conversation; its name is the user's id and the session's. A shell: it starts the container, hands requests on and puts it to sleep. */
export class SandboxContainer extends DurableObject<SandboxEnv> {
  readonly #host = new ContainerHost({
    container: portOf(this.ctx.container),
    token: {
      get: () => this.ctx.storage.kv.get<string>("token") ?? null,
      set: (token) => this.ctx.storage.kv.put("token", token),
    },
    newToken: () => base64url(crypto.getRandomValues(new Uint8Array(32))),
    // By TLS only: what a command may reach is judged with each request, by what runs at that moment.
    intercept: async () => this.ctx.container?.interceptOutboundHttps("*", this.#way()),
    wakeAt: (at) => this.ctx.storage.setAlarm(at),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: () => Date.now(),
    // Named by the user and the session.
    session: (this.ctx.id.name ?? "").replace(/^[^/]*\//, ""),
  });

  override fetch(request: Request): Promise<Response> {
    return this.#host.fetch(request);
  }

  /** For {@link SandboxEgress} only: whether a request of the container may leave, and with which header. */
  judge(address: string): EgressAnswer {
    return this.#host.judge(address);
  }

  override async alarm(): Promise<void> {
    // Nothing is kept of a container that is over.
    if (await this.#host.tidy()) await this.ctx.storage.deleteAll();
  }

  #way(): Fetcher {
    const way: unknown = Reflect.get(this.ctx.exports, "SandboxEgress");
    if (typeof way !== "function") throw new Error("the entry of this Worker does not export SandboxEgress");
    return way({ props: { container: this.ctx.id.name ?? "" } });
  }
}

/** The way out of one container: every request that a program in it makes comes here, and leaves only if the container's object says so. */
export class SandboxEgress extends WorkerEntrypoint<SandboxEnv, { container: string }> {
  override fetch(request: Request): Promise<Response> {
    const container = this.env.SANDBOX.getByName(this.ctx.props.container);
    return sendOut(request, { judge: (address) => container.judge(address), fetch: (allowed) => fetch(allowed) });
  }
}

function portOf(container: Container | undefined): ContainerPort {
  if (container === undefined) throw new Error("this class runs where containers are configured");
  return {
    get running() {
      return container.running;
    },
    start: (options) => container.start(options),
    destroy: () => container.destroy(),
    fetch: (port, request) => container.getTcpPort(port).fetch(request),
  };
}
