import { afterAll, beforeAll } from "vitest";
import { startModelServer } from "../support/model-server.ts";
import { everyProviderConforms } from "./every-provider.ts";

let server: Awaited<ReturnType<typeof startModelServer>>;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

everyProviderConforms(() => server.url);
