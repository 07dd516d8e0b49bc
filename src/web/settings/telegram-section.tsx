import { Button } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import { type TelegramOverview, useTelegram, useTelegramActions } from "../api/telegram.ts";
import { dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";
import { OwnBot } from "./own-bot.tsx";
import { PairForm } from "./pair-form.tsx";

/** Talking to the agent from Telegram: linked accounts, the shared bot, a bot of one's own. */
export function TelegramSection() {
  const telegram = useTelegram();
  return (
    <QueryView query={telegram}>
      {(data) => (
        <>
          <Section title="Link your Telegram" intro={<WhereToWrite data={data} />}>
            <PairForm />
            <Linked data={data} />
          </Section>
          <Section title="A bot of your own" intro="With its own name and picture, for you alone.">
            <OwnBot bots={data.bots} />
          </Section>
        </>
      )}
    </QueryView>
  );
}

function WhereToWrite({ data }: { data: TelegramOverview }) {
  const bots = [
    ...(data.shared.link === null ? [] : [{ username: data.shared.username ?? "the bot", link: data.shared.link }]),
    ...data.bots,
  ];
  if (bots.length === 0) {
    return data.shared.configured
      ? "Write to this Margay’s bot in Telegram. It answers with a code; enter it here."
      : "This Margay has no shared bot. Connect a bot of your own below, then write to it.";
  }
  return (
    <>
      Write to{" "}
      {bots.map((bot, index) => (
        <span key={bot.link}>
          {index > 0 && " or "}
          <a href={bot.link} target="_blank" rel="noopener noreferrer">
            @{bot.username}
          </a>
        </span>
      ))}{" "}
      in Telegram. It answers with a code; enter it here.
    </>
  );
}

/** `shared`, or the number of a bot of one's own. */
function botName(data: TelegramOverview, bot: string): string {
  if (bot === "shared") return data.shared.username === null ? "the shared bot" : `@${data.shared.username}`;
  const own = data.bots.find((item) => item.id === bot);
  return own ? `@${own.username}` : "a bot that is gone";
}

function Linked({ data }: { data: TelegramOverview }) {
  const { unlink } = useTelegramActions();
  const toast = useToast();
  const now = useNow();
  if (data.identities.length === 0) return null;
  return (
    <ul className="items">
      {data.identities.map((identity) => (
        <li key={identity.id}>
          <div className="item-text">
            <b>{identity.label}</b>
            <span>
              Through {botName(data, identity.bot)}, linked: {dayName(now, identity.linked_at)}
            </span>
          </div>
          <Button
            variant="subtle"
            color="red"
            size="xs"
            aria-label={`Unlink ${identity.label}`}
            onClick={() => unlink.mutate(identity.id, { onError: (error) => toast(sayError(error), { tone: "error" }) })}
          >
            Unlink
          </Button>
        </li>
      ))}
    </ul>
  );
}
