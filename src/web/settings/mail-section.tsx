import { useState } from "react";
import { type EmailView, useEmail, useEmailActions } from "../api/email.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { NameDialog } from "../ui/name-dialog.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { Button } from "@mantine/core";
import { LinkAddress } from "./link-address.tsx";
import { LinkedAddresses } from "./linked-addresses.tsx";
import { ReceivedMail } from "./received-mail.tsx";

/** Mail: the user's Margay address, whose mail is their word, and what came from others. */
export function MailSection() {
  const email = useEmail();
  return (
    <QueryView query={email}>
      {(data) =>
        data.address === null ? (
          <Section title="Mail">
            <p className="dim">
              No mail comes to this Margay yet. Its owner switches it on: a rule of Cloudflare Email Routing that sends a domain’s mail to
              this Worker, and that domain as the secret <code>EMAIL_DOMAIN</code>. docs/email.md has each step.
            </p>
          </Section>
        ) : (
          <>
            <Address data={data} address={data.address} />
            <Section
              title="Addresses that speak as you"
              intro="Mail from a linked address is a message from you, and is answered in the same thread. The address you sign in with is not linked by itself."
            >
              <LinkAddress />
              <LinkedAddresses data={data} />
            </Section>
            <Section
              title="Mail from others"
              intro="From strangers, lists and programs, or not proven to be from you. It is never answered and no order to Margay. Kept for 30 days, without its attachments."
            >
              <ReceivedMail />
            </Section>
          </>
        )
      }
    </QueryView>
  );
}

function Address({ data, address }: { data: EmailView; address: string }) {
  const [choosing, setChoosing] = useState(false);
  const { rename } = useEmailActions();
  return (
    <Section title="Your Margay address" intro="Write here from a linked address, as you would to a person.">
      <div className="once-value">
        <code>{address}</code>
        <CopyButton text={address} label="Copy the address" size={36} />
      </div>
      {!data.sends && (
        <p className="dim">
          Answers are in the conversation here and do not leave as mail: the owner has not set up sending yet. docs/email.md says how.
        </p>
      )}
      <div>
        <Button variant="default" size="xs" onClick={() => setChoosing(true)}>
          Choose another name
        </Button>
      </div>
      {choosing && (
        <NameDialog
          title="Choose your address"
          label={`What stands before @${address.slice(address.lastIndexOf("@") + 1)}`}
          action="Take it"
          name={address.slice(0, address.lastIndexOf("@"))}
          max={40}
          onSave={(name) => rename.mutateAsync(name)}
          onClose={() => setChoosing(false)}
        />
      )}
    </Section>
  );
}
