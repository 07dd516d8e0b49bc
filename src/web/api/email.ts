import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { MailEvent } from "../../channels/email/mail-event.ts";
import type { EmailView, LinkCode } from "../../http/email/email-view.ts";
import { del, get, post, put, withQuery } from "./client.ts";

export type { EmailView, LinkCode, MailEvent };

const EMAIL = "/api/v1/email";
/** While the page is looked at, what came and what was linked is read again this often, milliseconds. */
const WATCH_EVERY = 15_000;

export const useEmail = () =>
  useQuery({ queryKey: ["email", "overview"], queryFn: () => get<EmailView>(EMAIL), refetchInterval: WATCH_EVERY });

export const useReceivedMail = (limit: number) =>
  useQuery({
    queryKey: ["email", "received", limit],
    queryFn: async ({ signal }) => (await get<{ mails: MailEvent[] }>(withQuery(`${EMAIL}/received`, { limit }), signal)).mails,
    refetchInterval: WATCH_EVERY,
  });

/** Everything that changes the address and who speaks by mail, with what is shown read anew after each change. */
export function useEmailActions() {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["email"] });
  const rename = useMutation({ mutationFn: (name: string) => put<EmailView>(EMAIL, { name }), onSettled });
  const link = useMutation({ mutationFn: (address: string) => post<LinkCode>(`${EMAIL}/senders`, { address }), onSettled });
  const unlink = useMutation({ mutationFn: (id: string) => del(`${EMAIL}/senders/${encodeURIComponent(id)}`), onSettled });
  return { rename, link, unlink };
}
