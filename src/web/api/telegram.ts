import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put } from "./client.ts";

/** A Telegram bot of one's own. */
export interface BotView {
  id: string;
  username: string;
  link: string;
  created_at: number;
}

/** A Telegram account that may speak as the user. */
export interface IdentityView {
  id: string;
  label: string;
  bot: string;
  linked_at: number;
}

export interface TelegramOverview {
  shared: { configured: boolean; username: string | null; link: string | null };
  bots: BotView[];
  identities: IdentityView[];
}

/** Who a pairing code is from. */
export interface SenderView {
  name: string;
  bot: string;
}

export const useTelegram = () => useQuery({ queryKey: ["telegram"], queryFn: () => get<TelegramOverview>("/api/v1/telegram") });

export function useTelegramActions() {
  const queries = useQueryClient();
  const reread = () => queries.invalidateQueries({ queryKey: ["telegram"] });
  const lookup = useMutation({ mutationFn: (code: string) => post<SenderView>("/api/v1/telegram/pair/lookup", { code }) });
  const pair = useMutation({ mutationFn: (code: string) => post<IdentityView>("/api/v1/telegram/pair", { code }), onSettled: reread });
  const unlink = useMutation({
    mutationFn: (id: string) => del(`/api/v1/telegram/identities/${encodeURIComponent(id)}`),
    onSettled: reread,
  });
  const putBot = useMutation({ mutationFn: (token: string) => put<BotView>("/api/v1/telegram/bot", { token }), onSettled: reread });
  const removeBot = useMutation({ mutationFn: (id: string) => del(`/api/v1/telegram/bot/${encodeURIComponent(id)}`), onSettled: reread });
  return { lookup, pair, unlink, putBot, removeBot };
}
