import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * The tables of D1 that must be seen across users: accounts, identities, roll-ups. Instants are UTC milliseconds; a secret is only
 * ever here as a hash. Property names of the first five tables are fixed by better-auth 1.7 (`getAuthTables()`); a test compares them.
 *
 * After a change: `npx drizzle-kit generate --name what_changed`, then add the file to `migrations/index.ts`. Migrations are append-only.
 */

const instant = (name: string) => integer(name, { mode: "timestamp_ms" });

// --- better-auth -----------------------------------------------------------------------------------------------------------------

export const user = sqliteTable(
  "user",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** Lower case, as better-auth stores it. */
    email: text("email").notNull().unique(),
    emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
    image: text("image"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    role: text("role", { enum: ["owner", "admin", "user"] })
      .notNull()
      .default("user"),
    suspended: integer("suspended", { mode: "boolean" }).notNull().default(false),
    /** Grows with every revocation and every change of access; see `Principal.authVersion`. */
    authVersion: integer("auth_version").notNull().default(0),
    /** Hard caps in millionths of a US dollar; null: none. */
    dayCapMicroUsd: integer("day_cap_micro_usd"),
    monthCapMicroUsd: integer("month_cap_micro_usd"),
    /** When they were last seen signed in, to within some minutes; null: never. */
    lastActiveAt: instant("last_active_at"),
  },
  // At most one owner, whatever two setups do at the same time.
  (table) => [
    uniqueIndex("user_one_owner")
      .on(table.role)
      .where(sql`"role" = 'owner'`),
  ],
);

export const session = sqliteTable(
  "session",
  {
    id: text("id").primaryKey(),
    expiresAt: instant("expires_at").notNull(),
    token: text("token").notNull().unique(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
  },
  (table) => [index("session_user").on(table.userId)],
);

export const account = sqliteTable(
  "account",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text("scope"),
    /** The salted scrypt hash of the `credential` provider. */
    password: text("password"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [index("account_user").on(table.userId)],
);

/** Required by better-auth; no route of ours fills it. */
export const verification = sqliteTable(
  "verification",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [index("verification_identifier").on(table.identifier)],
);

export const apikey = sqliteTable(
  "apikey",
  {
    id: text("id").primaryKey(),
    /** `default`, or `service` for an owner's key that may name another user. */
    configId: text("config_id").notNull().default("default"),
    name: text("name"),
    /** The first characters, for a person to tell keys apart. */
    start: text("start"),
    /** The user it belongs to. */
    referenceId: text("reference_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    prefix: text("prefix"),
    /** SHA-256 of the key, base64url without padding. */
    key: text("key").notNull().unique(),
    refillInterval: integer("refill_interval"),
    refillAmount: integer("refill_amount"),
    lastRefillAt: instant("last_refill_at"),
    enabled: integer("enabled", { mode: "boolean" }).notNull().default(true),
    rateLimitEnabled: integer("rate_limit_enabled", { mode: "boolean" }).notNull().default(false),
    rateLimitTimeWindow: integer("rate_limit_time_window"),
    rateLimitMax: integer("rate_limit_max"),
    requestCount: integer("request_count").notNull().default(0),
    remaining: integer("remaining"),
    /** Last use, to within some minutes. */
    lastRequest: instant("last_request"),
    expiresAt: instant("expires_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    permissions: text("permissions"),
    /** JSON: `{ "lastFour": "…" }`. */
    metadata: text("metadata"),
  },
  (table) => [index("apikey_reference").on(table.referenceId)],
);

// --- Entering --------------------------------------------------------------------------------------------------------------------

export const invitation = sqliteTable(
  "invitation",
  {
    tokenHash: text("token_hash").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", { enum: ["admin", "user"] }).notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    usedBy: text("used_by"),
  },
  (table) => [index("invitation_email").on(table.email)],
);

export const passwordReset = sqliteTable(
  "password_reset",
  {
    tokenHash: text("token_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [index("password_reset_user").on(table.userId)],
);

/** One row, id 1: the one-time setup code that was made (null where the secret `SETUP_CODE` is used), and when the owner was. */
export const setup = sqliteTable("setup", {
  id: integer("id").primaryKey(),
  codeHash: text("code_hash"),
  createdAt: instant("created_at").notNull(),
  usedAt: instant("used_at"),
});

/** Failed or counted attempts at a door (`sign-in:email:<hash>`), in a fixed window. Old rows are deleted as new ones come. */
export const attempt = sqliteTable(
  "attempt",
  {
    key: text("key").primaryKey(),
    count: integer("count").notNull(),
    /** When the window ends and the row is worthless. */
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("attempt_expires").on(table.expiresAt)],
);

// --- Channels --------------------------------------------------------------------------------------------------------------------

/** A verified sender on a channel and the user they speak as: `telegram:<bot>:<senderId>`. */
export const identity = sqliteTable(
  "identity",
  {
    identity: text("identity").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    /** How the person is called there, for the settings page. */
    label: text("label").notNull(),
    linkedAt: instant("linked_at").notNull(),
  },
  (table) => [index("identity_user").on(table.userId)],
);

export const pairingCode = sqliteTable(
  "pairing_code",
  {
    codeHash: text("code_hash").primaryKey(),
    identity: text("identity").notNull(),
    /** `shared` or the numeric id of a user's own bot. */
    bot: text("bot").notNull(),
    chatId: integer("chat_id").notNull(),
    senderName: text("sender_name").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("pairing_code_identity").on(table.identity), index("pairing_code_expires").on(table.expiresAt)],
);

/** Users' own Telegram bots. The token is in the user's vault. */
export const telegramBot = sqliteTable(
  "telegram_bot",
  {
    botId: text("bot_id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    username: text("username").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("telegram_bot_user").on(table.userId)],
);

/** The signing secret of `POST /webhook` is derived from the user id and this number; a new number is a new secret. */
export const webhookSecret = sqliteTable("webhook_secret", {
  userId: text("user_id")
    .primaryKey()
    .references(() => user.id, { onDelete: "cascade" }),
  generation: integer("generation").notNull(),
});

/** Addresses that services post events to, `/hooks/<id>`, and whose they are. The secret, and all else about it, is in the user's object. */
export const hook = sqliteTable(
  "hook",
  {
    /** 192 random bits, base64url. */
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("hook_user").on(table.userId)],
);

/** The local parts of people's Margay addresses. */
export const mailbox = sqliteTable(
  "mailbox",
  {
    /** Lower case. */
    local: text("local").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    /** One of a user's is. The others take no mail, and nobody else can have them: mail for the one must not come to the other. */
    active: integer("active", { mode: "boolean" }).notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("mailbox_user").on(table.userId)],
);

/** Addresses that a user says are theirs, until a proven mail from there brings the code. */
export const mailLink = sqliteTable(
  "mail_link",
  {
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    address: text("address").notNull(),
    codeHash: text("code_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.address] }), index("mail_link_expires").on(table.expiresAt)],
);

// --- Memory and knowledge: the record. Every query about them goes through a store made for exactly one user ------------------------

/** A table of the record: whose, which, and the row as the object has it, as JSON. */
const recordTable = <Name extends string>(name: Name) =>
  sqliteTable(
    name,
    {
      userId: text("user_id")
        .notNull()
        .references(() => user.id, { onDelete: "cascade" }),
      id: text("id").notNull(),
      row: text("row").notNull(),
      /** Grows with every change of the row: an older write that arrives late changes nothing. */
      rev: integer("rev").notNull(),
      updatedAt: instant("updated_at").notNull(),
    },
    (table) => [primaryKey({ columns: [table.userId, table.id] })],
  );

/** What is remembered about a user. The index over it is in their object and can be made again from here. */
export const memory = recordTable("memory");
/** Named sets of documents. */
export const collection = recordTable("collection");
/** Documents that a user gave. The bytes are in R2. */
export const document = recordTable("document");

/** The pieces of documents, as they are found and cited. */
export const chunk = sqliteTable(
  "chunk",
  {
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    documentId: text("document_id").notNull(),
    /** From 0. */
    position: integer("position").notNull(),
    /** The headings it stands under, outermost first, as JSON. */
    headingPath: text("heading_path").notNull(),
    /** From 1. */
    page: integer("page").notNull(),
    text: text("text").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.documentId, table.position] })],
);

// --- Roll-ups and the deployment -------------------------------------------------------------------------------------------------

/** What a user's model calls came to on one day, in the user's own zone. Absolute totals, written by the usage queue. */
export const usageDay = sqliteTable(
  "usage_day",
  {
    userId: text("user_id").notNull(),
    /** `2026-11-21`, as the user counts days. */
    day: text("day").notNull(),
    model: text("model").notNull(),
    tier: text("tier").notNull(),
    agent: text("agent").notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    cachedInputTokens: integer("cached_input_tokens").notNull(),
    /** Millionths of a US dollar; null: the price is not known. */
    microUsd: integer("micro_usd"),
    calls: integer("calls").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.day, table.model, table.tier, table.agent] }),
    index("usage_day_day").on(table.day),
  ],
);

/** Facts about this deployment, as JSON. */
export const deployment = sqliteTable("deployment", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
  updatedAt: instant("updated_at").notNull(),
});
