import { env } from "cloudflare:workers";
import { everyProviderConforms } from "./every-provider.ts";

// Once more in the runtime it is made for: connections break with other errors there.
everyProviderConforms(() => env.MODEL_SERVER);
