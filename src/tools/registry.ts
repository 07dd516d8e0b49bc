import type { z } from "zod";
import type { Grant } from "../permission/grant.ts";
import type { CodePort } from "../sandbox/code-run.ts";
import type { ActivityPort } from "./activity/activity-port.ts";
import { ACTIVITY_READ, listActivity } from "./activity/list-activity.ts";
import { browserAct } from "./browser/browser-act.ts";
import { browserOpen } from "./browser/browser-open.ts";
import { BROWSER_USE, type BrowserPort } from "./browser/browser-port.ts";
import { browserRead } from "./browser/browser-read.ts";
import { browserScreenshot } from "./browser/browser-screenshot.ts";
import { browserSubmit } from "./browser/browser-submit.ts";
import { browserType } from "./browser/browser-type.ts";
import { CODE_RUN } from "./code/code-stores.ts";
import { runJavascript } from "./code/run-javascript.ts";
import { addListener } from "./events/add-listener.ts";
import { changeListener } from "./events/change-listener.ts";
import { listListeners } from "./events/list-listeners.ts";
import { LISTENER_READ, LISTENER_WRITE, type ListenerPort } from "./events/listener-port.ts";
import { deleteFile } from "./files/delete-file.ts";
import { editFile } from "./files/edit-file.ts";
import { FILES_READ, FILES_WRITE, type FilesPort } from "./files/files-port.ts";
import { installPackage, PACKAGE_INSTALL } from "./linux/install-package.ts";
import { type LinuxPort, SHELL_RUN } from "./linux/linux-port.ts";
import { runPython } from "./linux/run-python.ts";
import { runShell } from "./linux/run-shell.ts";
import { listFiles } from "./files/list-files.ts";
import { moveFile } from "./files/move-file.ts";
import { readFile } from "./files/read-file.ts";
import { searchFiles } from "./files/search-files.ts";
import { writeFile } from "./files/write-file.ts";
import { addDocument } from "./knowledge/add-document.ts";
import { KNOWLEDGE_READ, KNOWLEDGE_WRITE, type KnowledgePort } from "./knowledge/knowledge-port.ts";
import { readDocument } from "./knowledge/read-document.ts";
import { searchDocuments } from "./knowledge/search-documents.ts";
import { forget } from "./memory/forget.ts";
import { MEMORY_READ, MEMORY_WRITE, type MemoryPort } from "./memory/memory-port.ts";
import { recall } from "./memory/recall.ts";
import { remember } from "./memory/remember.ts";
import { changePlan } from "./plans/change-plan.ts";
import { listPlans } from "./plans/list-plans.ts";
import { PLANS_READ, PLANS_WRITE, type PlanPort } from "./plans/plan-port.ts";
import { proposePlan } from "./plans/propose-plan.ts";
import { changeSchedule } from "./schedule/change-schedule.ts";
import { listSchedules } from "./schedule/list-schedules.ts";
import { schedule } from "./schedule/schedule.ts";
import { SCHEDULE_READ, SCHEDULE_WRITE, type SchedulePort } from "./schedule/schedule-port.ts";
import { changeSettings, SETTINGS_PROPOSE } from "./settings/change-settings.ts";
import type { SettingsPort } from "./settings/settings-port.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { checkTasks } from "./tasks/check-tasks.ts";
import { saveProfile } from "./tasks/save-profile.ts";
import { delegate } from "./tasks/delegate.ts";
import { TASKS_READ, TASKS_WRITE, type TaskPort } from "./tasks/task-port.ts";
import type { DraftPort } from "./skills/draft-port.ts";
import { rewordSkill } from "./skills/reword-skill.ts";
import { saveSkill } from "./skills/save-skill.ts";
import { trySkill } from "./skills/try-skill.ts";
import { SKILLS_PROPOSE, SKILLS_USE, type SkillPort } from "./skills/skill-port.ts";
import { runSkillScript } from "./skills/run-skill-script.ts";
import { useSkill } from "./skills/use-skill.ts";
import { addTodo } from "./todos/add-todo.ts";
import { completeTodo } from "./todos/complete-todo.ts";
import { deleteTodo } from "./todos/delete-todo.ts";
import { listTodos } from "./todos/list-todos.ts";
import { TODO_READ, TODO_WRITE } from "./todos/todo-tool.ts";
import type { TodoPort } from "./todos/todo-port.ts";
import { type SearchPort, WEB_SEARCH } from "./web/search-port.ts";
import { webSearch } from "./web/web-search.ts";
import { webFetch } from "./web/web-fetch.ts";
import { SECRETS_USE, type WebPort } from "./web/web-port.ts";
import { updateTodo } from "./todos/update-todo.ts";
import type { Tool } from "./tool.ts";

/** Everything built-in tools may work on. */
export interface Stores {
  todos: TodoPort;
  activity: ActivityPort;
  settings: SettingsPort;
  web: WebPort;
  search: SearchPort;
  memory: MemoryPort;
  knowledge: KnowledgePort;
  files: FilesPort;
  code: CodePort;
  linux: LinuxPort;
  browser: BrowserPort;
  schedules: SchedulePort;
  listeners: ListenerPort;
  tasks: TaskPort;
  plans: PlanPort;
  skills: SkillPort;
  drafts: DraftPort;
}

/** Every built-in tool; a new one is one line here. */
export const builtInTools: readonly Tool<z.ZodType, Stores>[] = [
  addTodo,
  listTodos,
  updateTodo,
  completeTodo,
  deleteTodo,
  schedule,
  listSchedules,
  changeSchedule,
  addListener,
  listListeners,
  changeListener,
  delegate,
  checkTasks,
  cancelTask,
  saveProfile,
  proposePlan,
  listPlans,
  changePlan,
  remember,
  recall,
  forget,
  searchDocuments,
  readDocument,
  webSearch,
  webFetch,
  browserOpen,
  browserRead,
  browserAct,
  browserType,
  browserSubmit,
  browserScreenshot,
  listActivity,
  changeSettings,
  addDocument,
  readFile,
  listFiles,
  searchFiles,
  writeFile,
  editFile,
  moveFile,
  deleteFile,
  useSkill,
  runSkillScript,
  saveSkill,
  trySkill,
  rewordSkill,
  runJavascript,
  runShell,
  runPython,
  installPackage,
];

/**
 * What a user's agent may do without being asked: their own to-dos and schedules, what it did itself, and to read the web at the usual ports, where an address that nobody gave is asked about all the
 * same. To propose a change is free; to make it is asked. Everything else is granted by the user.
 */
export const DEFAULT_GRANTS: readonly string[] = [
  TODO_READ,
  TODO_WRITE,
  "net.fetch:*",
  SECRETS_USE,
  WEB_SEARCH,
  ACTIVITY_READ,
  SETTINGS_PROPOSE,
  MEMORY_READ,
  MEMORY_WRITE,
  KNOWLEDGE_READ,
  KNOWLEDGE_WRITE,
  FILES_READ,
  FILES_WRITE,
  CODE_RUN,
  SHELL_RUN,
  BROWSER_USE,
  `${PACKAGE_INSTALL}:*`,
  SCHEDULE_READ,
  SCHEDULE_WRITE,
  LISTENER_READ,
  LISTENER_WRITE,
  TASKS_READ,
  TASKS_WRITE,
  PLANS_READ,
  PLANS_WRITE,
  SKILLS_USE,
  SKILLS_PROPOSE,
];

/**
 * Standing permissions that everybody has from the start, as the user's own do: they let something run that would be asked about, and count for nothing where content from outside was read.
 * To forget what one asks to be forgotten is all that one wants by asking. Who sets the tool to "ask" is asked all the same.
 */
export const DEFAULT_STANDING: readonly Grant[] = [
  { id: "default:forget", tool: forget.name, version: String(forget.version), covers: { destinations: ["*"] }, taskId: null },
];
