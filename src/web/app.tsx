import { Button, Loader } from "@mantine/core";
import { Route, Switch } from "wouter";
import { AcceptInvitation } from "./account/accept-invitation.tsx";
import { AccountFrame } from "./account/account-frame.tsx";
import { ResetPassword } from "./account/reset-password.tsx";
import { Setup } from "./account/setup.tsx";
import { SignIn } from "./account/sign-in.tsx";
import { sayError } from "./api/api-error.ts";
import { useMe, useSetupNeeded } from "./api/me.ts";
import { Shell } from "./shell/shell.tsx";

/** Links from an invitation work for whoever has them; everything else depends on who is signed in. */
export function App() {
  return (
    <Switch>
      <Route path="/invite">
        <AcceptInvitation />
      </Route>
      <Route path="/reset">
        <ResetPassword />
      </Route>
      <Route>
        <Gate />
      </Route>
    </Switch>
  );
}

function Gate() {
  const me = useMe();
  if (me.data) return <Shell key={me.data.id} me={me.data} />;
  if (me.data === null) return <Enter />;
  if (me.isError) return <Unreachable message={sayError(me.error)} onAgain={() => void me.refetch()} />;
  return <Waiting />;
}

/** Nobody is signed in: a new Margay is set up first. */
function Enter() {
  const setup = useSetupNeeded();
  if (setup.data) return setup.data.needed ? <Setup /> : <SignIn />;
  if (setup.isError) return <SignIn />;
  return <Waiting />;
}

function Waiting() {
  return (
    <main className="centered" aria-busy="true">
      <Loader aria-label="Loading Margay" />
    </main>
  );
}

function Unreachable({ message, onAgain }: { message: string; onAgain: () => void }) {
  return (
    <AccountFrame title="Margay does not answer" intro={message}>
      <Button fullWidth onClick={onAgain}>
        Try again
      </Button>
    </AccountFrame>
  );
}
