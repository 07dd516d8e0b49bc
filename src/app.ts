import { Hono } from "hono";
import type { Env } from "./env.ts";
import { approvalRoutes } from "./http/approvals.ts";
import { auditRoutes } from "./http/audit.ts";
import { knowledgeRoutes } from "./http/knowledge.ts";
import { contextRoutes } from "./http/context.ts";
import { grantRoutes } from "./http/grants.ts";
import { secretRoutes } from "./http/secrets.ts";
import { settingsVersionRoutes } from "./http/settings-versions.ts";
import { undoRoutes } from "./http/undo.ts";
import { accountRoutes } from "./http/account.ts";
import { apiKeyRoutes } from "./http/api-keys.ts";
import { chatRoutes } from "./http/chat.ts";
import { commandRoutes } from "./http/command.ts";
import { commandsRoutes } from "./http/commands.ts";
import { emailRoutes } from "./http/email.ts";
import { filesRoutes } from "./http/files.ts";
import { shareRoutes } from "./http/share.ts";
import { workspaceRoutes } from "./http/workspace.ts";
import { heartbeatRoutes } from "./http/heartbeat.ts";
import { callRoutes } from "./http/calls.ts";
import { improvementRoutes } from "./http/improvements.ts";
import { hookRoutes } from "./http/hooks.ts";
import { healthRoutes } from "./http/health.ts";
import { importRoutes } from "./http/imports.ts";
import { listenerRoutes } from "./http/listeners.ts";
import { memoryRoutes } from "./http/memory.ts";
import { messagesRoutes } from "./http/messages.ts";
import { modelsRoutes } from "./http/models.ts";
import { errorResponse, honoPath, mount } from "./http/mount.ts";
import { openaiRoutes } from "./http/openai.ts";
import { openapiRoutes } from "./http/openapi.ts";
import { ownerRoutes } from "./http/owner.ts";
import { planRoutes } from "./http/plans.ts";
import { playbookRoutes } from "./http/playbooks.ts";
import type { Route } from "./http/route.ts";
import { scheduleRoutes } from "./http/schedules.ts";
import { skillRoutes } from "./http/skills.ts";
import { settingsRoutes } from "./http/settings.ts";
import { setupRoutes } from "./http/setup.ts";
import { statsRoutes } from "./http/stats.ts";
import { profileRoutes } from "./http/profiles.ts";
import { taskRoutes } from "./http/tasks.ts";
import { telegramRoutes } from "./http/telegram.ts";
import { todoRoutes } from "./http/todos.ts";
import { webhookRoutes } from "./http/webhook.ts";

/** Every route there is, each with who may call it. What is not here does not answer. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...setupRoutes,
  ...accountRoutes,
  ...apiKeyRoutes,
  ...ownerRoutes,
  ...chatRoutes,
  ...messagesRoutes,
  ...contextRoutes,
  ...openaiRoutes,
  ...commandRoutes,
  ...commandsRoutes,
  ...webhookRoutes,
  ...hookRoutes,
  ...listenerRoutes,
  ...telegramRoutes,
  ...emailRoutes,
  ...todoRoutes,
  ...taskRoutes,
  ...profileRoutes,
  // Before the plans, whose `{id}` would match it.
  ...playbookRoutes,
  ...planRoutes,
  ...scheduleRoutes,
  ...filesRoutes,
  ...skillRoutes,
  ...workspaceRoutes,
  ...shareRoutes,
  ...memoryRoutes,
  ...knowledgeRoutes,
  ...importRoutes,
  ...approvalRoutes,
  ...grantRoutes,
  ...auditRoutes,
  ...undoRoutes,
  ...secretRoutes,
  ...settingsRoutes,
  ...heartbeatRoutes,
  ...callRoutes,
  ...improvementRoutes,
  ...settingsVersionRoutes,
  ...modelsRoutes,
  ...statsRoutes,
  ...openapiRoutes(() => [...routes]),
];

/**
 * The app of a deployment. The options exist for the local entry alone, the deployed Worker passes none: `extraRoutes`, and `plainHttp`, since a server that
 * listens on loopback is reached over http, from this machine or through a tunnel that ends the encryption.
 */
export function createApp(options: { extraRoutes?: readonly Route[]; plainHttp?: true } = {}): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>();
  const table = [...routes, ...(options.extraRoutes ?? [])];
  for (const route of table) mount(app, route, options);
  const methods = new Map<string, string[]>();
  for (const route of table) methods.set(route.path, [...(methods.get(route.path) ?? []), route.method]);
  for (const [path, allowed] of methods)
    app.all(honoPath(path), () => {
      const response = errorResponse({ path }, { code: "method_not_allowed", message: `Use ${allowed.join(" or ")} here.` });
      response.headers.set("allow", allowed.join(", "));
      return response;
    });
  app.notFound((c) => errorResponse({ path: c.req.path }, { code: "not_found", message: "There is nothing here." }));
  return app;
}
