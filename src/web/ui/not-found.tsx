import { Button } from "@mantine/core";
import { Link } from "wouter";
import { Logo } from "./icons.tsx";

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <div className="centered">
      <Logo size={56} />
      <h1>There is nothing here</h1>
      <p>The address may be old or mistyped.</p>
      <Button component={Link} href="/">
        Go to the conversation
      </Button>
    </div>
  );
}
