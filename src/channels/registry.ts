import { agent } from "./agent.ts";
import type { Channel } from "./channel.ts";
import { cli } from "./cli.ts";
import { command } from "./command.ts";
import { email } from "./email.ts";
import { http } from "./http.ts";
import type { ChannelId } from "./message.ts";
import { openai } from "./openai.ts";
import { telegram } from "./telegram.ts";
import { web } from "./web.ts";
import { webhook } from "./webhook.ts";

/** Every way in and out, by id. Adding one: its driver, its test and a line here. */
export const channels: Record<ChannelId, Channel> = { web, http, openai, command, webhook, telegram, email, cli, agent };
