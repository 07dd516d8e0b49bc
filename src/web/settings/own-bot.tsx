import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { FormError } from "../account/account-frame.tsx";
import { sayError } from "../api/api-error.ts";
import { type BotView, useTelegramActions } from "../api/telegram.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useToast } from "../ui/toast.tsx";

/** Connects a bot by its token, and removes it. */
export function OwnBot({ bots }: { bots: BotView[] }) {
  const [token, setToken] = useState("");
  const [removing, setRemoving] = useState<BotView | null>(null);
  const { putBot, removeBot } = useTelegramActions();
  const toast = useToast();
  return (
    <>
      {bots.length > 0 && (
        <ul className="items">
          {bots.map((bot) => (
            <li key={bot.id}>
              <div className="item-text">
                <b>@{bot.username}</b>
                <span>Write to it to get a pairing code.</span>
              </div>
              <Button variant="subtle" color="red" size="xs" aria-label={`Remove @${bot.username}`} onClick={() => setRemoving(bot)}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          putBot.mutate(token.trim(), {
            onSuccess: (bot) => {
              setToken("");
              toast(`@${bot.username} is yours. Write to it to pair.`);
            },
          });
        }}
      >
        <p className="dim">
          In Telegram, write /newbot to{" "}
          <a href="https://t.me/BotFather" target="_blank" rel="noopener noreferrer">
            @BotFather
          </a>
          , choose a name, and paste the token that it gives you.
        </p>
        <PasswordInput
          label="Bot token"
          placeholder="123456789:AA…"
          required
          withAsterisk={false}
          autoComplete="off"
          data-1p-ignore
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the token", tabIndex: 0 }}
        />
        <FormError message={putBot.isError ? sayError(putBot.error) : null} />
        <div className="row end">
          <Button type="submit" loading={putBot.isPending}>
            Connect the bot
          </Button>
        </div>
      </form>
      {removing && (
        <ConfirmDialog
          title={`Remove @${removing.username}?`}
          action="Remove"
          onClose={() => setRemoving(null)}
          onConfirm={() => removeBot.mutate(removing.id, { onError: (error) => toast(sayError(error), { tone: "error" }) })}
        >
          Its token and the accounts linked through it are deleted here. The bot itself stays with @BotFather.
        </ConfirmDialog>
      )}
    </>
  );
}
