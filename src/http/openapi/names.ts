import { z } from "zod";
import { MessagePage, Outcome, Stats } from "../../agent/shapes.ts";
import { ChatBody } from "../../channels/chat-body.ts";
import { CommandBody } from "../../channels/command.ts";
import { MessageView, ToolCallView, TurnError, TurnEvent, TurnStatus, Usage } from "../../channels/events.ts";
import { ChannelId, ContentItem, FileRef } from "../../channels/message.ts";
import { CompletionRequest } from "../../channels/openai/request.ts";
import { WebhookBody } from "../../channels/webhook.ts";
import { Condition } from "../../events/condition.ts";
import { HookScheme } from "../../events/hook-scheme.ts";
import { FiringView, ListenerAction, ListenerSource, ListenerView, ListenerWhen } from "../../events/shapes.ts";
import { ProviderId, Tier } from "../../models/provider.ts";
import { ScheduleAction, ScheduleRun, ScheduleView } from "../../schedule/shapes.ts";
import { ScheduleSpec } from "../../schedule/spec.ts";
import { Priority, Todo, TodoInput, TodoPatch } from "../../tools/todos/todo.ts";
import { ConnectionReport, ProviderEntry } from "../models.ts";
import { OpenAIErrorBody } from "../openai/errors.ts";
import { ChatCompletion, CompletionUsage, ModelList, ModelObject } from "../openai/schemas.ts";
import { SettingsPatch, SettingsView } from "../settings.ts";

/** Schemas that the document shows once, by name, and refers to; every other one is written out where it is used. */
const NAMED: Record<string, z.ZodType> = {
  ChannelId,
  ChatBody,
  ChatCompletion,
  CommandBody,
  CompletionRequest,
  CompletionUsage,
  Condition,
  ConnectionReport,
  ContentItem,
  FileRef,
  Firing: FiringView,
  HookScheme,
  Listener: ListenerView,
  ListenerAction,
  ListenerSource,
  ListenerWhen,
  MessagePage,
  MessageView,
  ModelList,
  ModelObject,
  OpenAIError: OpenAIErrorBody,
  Outcome,
  Priority,
  ProviderEntry,
  ProviderId,
  Schedule: ScheduleView,
  ScheduleAction,
  ScheduleRun,
  ScheduleSpec,
  Settings: SettingsView,
  SettingsPatch,
  Stats,
  Tier,
  Todo,
  TodoInput,
  TodoPatch,
  ToolCallView,
  TurnError,
  TurnEvent,
  TurnStatus,
  Usage,
  WebhookBody,
};

/** The named schemas as zod's JSON schema writer looks them up. */
export const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(NAMED)) names.add(schema, { id });
