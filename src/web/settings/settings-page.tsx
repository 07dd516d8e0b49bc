import { Link } from "wouter";
import type { Me } from "../api/me.ts";
import { NotFound } from "../ui/not-found.tsx";
import { Page } from "../ui/page.tsx";
import { ApiSection } from "./api-section.tsx";
import { HeartbeatSection } from "./heartbeat-section.tsx";
import { HistorySection } from "./history-section.tsx";
import { MailSection } from "./mail-section.tsx";
import { ModelsSection } from "./models-section.tsx";
import { PermissionsSection } from "./permissions-section.tsx";
import { ProfileSection } from "./profile-section.tsx";
import { SecretsSection } from "./secrets-section.tsx";
import { TelegramSection } from "./telegram-section.tsx";
import { UsageSection } from "./usage-section.tsx";

const SECTIONS = [
  { id: "profile", name: "You" },
  { id: "models", name: "Models" },
  { id: "heartbeat", name: "By itself" },
  { id: "permissions", name: "Permissions" },
  { id: "secrets", name: "Secrets" },
  { id: "telegram", name: "Telegram" },
  { id: "mail", name: "Mail" },
  { id: "api", name: "API" },
  { id: "usage", name: "Usage" },
  { id: "history", name: "History" },
] as const;

/** Everything a person can set, a section at a time; each has an address of its own. */
export default function SettingsPage({ me, section = "profile" }: { me: Me; section?: string | undefined }) {
  const here = SECTIONS.find((item) => item.id === section);
  if (!here) return <NotFound />;
  return (
    <Page title="Settings">
      <nav className="sections" aria-label="Settings">
        {SECTIONS.map((item) => (
          <Link
            key={item.id}
            href={item.id === "profile" ? "/settings" : `/settings/${item.id}`}
            aria-current={item === here ? "page" : undefined}
          >
            {item.name}
          </Link>
        ))}
      </nav>
      {here.id === "profile" && <ProfileSection me={me} />}
      {here.id === "models" && <ModelsSection />}
      {here.id === "heartbeat" && <HeartbeatSection />}
      {here.id === "permissions" && <PermissionsSection />}
      {here.id === "secrets" && <SecretsSection />}
      {here.id === "telegram" && <TelegramSection />}
      {here.id === "mail" && <MailSection />}
      {here.id === "api" && <ApiSection me={me} />}
      {here.id === "usage" && <UsageSection />}
      {here.id === "history" && <HistorySection />}
    </Page>
  );
}
