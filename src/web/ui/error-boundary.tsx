import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";

interface Props {
  children: ReactNode;
  /** What is shown in place of what failed; absent: that the page did. */
  instead?: ReactNode;
}

/** Catches a failure of the page itself, so that it never ends as an empty window. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    if (this.props.instead !== undefined) return this.props.instead;
    return (
      <main className="centered" role="alert">
        <h1>This page stumbled</h1>
        <p>Your conversation is safe: it is kept on the server. Reload to go on.</p>
        <Button onClick={() => window.location.reload()}>Reload</Button>
      </main>
    );
  }
}
