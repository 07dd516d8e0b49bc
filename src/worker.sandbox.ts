export { SandboxContainer, SandboxEgress } from "../durable-objects/sandbox-container.ts";

/** The Worker with the containers (wrangler.sandbox.toml). Nobody reaches it but by its objects, from Margay's own Worker. */
export default {
  fetch: () => new Response(null, { status: 404 }),
} satisfies ExportedHandler;
