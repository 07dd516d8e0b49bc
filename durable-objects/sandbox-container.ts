import { DurableObject } from "cloudflare:workers";
import { base64url } from "../src/secrets/bytes.ts";
import { ContainerHost, type ContainerPort } from "../src/sandbox/linux/container-host.ts";

/** What the Worker with the containers has: the way to the user's object that says what a container may reach, and nothing else of the deployment. */
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
    intercept: async () => undefined,
    wakeAt: (at) => this.ctx.storage.setAlarm(at),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: () => Date.now(),
  });

  override fetch(request: Request): Promise<Response> {
    return this.#host.fetch(request);
  }

  override async alarm(): Promise<void> {
    // Nothing is kept of a container that is over.
    if (await this.#host.tidy()) await this.ctx.storage.deleteAll();
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
