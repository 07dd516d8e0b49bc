import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/index.css";
import { ApiError } from "./api/api-error.ts";
import { onUnauthorized } from "./api/client.ts";
import { App } from "./app.tsx";
import { cssVariables, theme } from "./theme.ts";
import { ErrorBoundary } from "./ui/error-boundary.tsx";
import { ToastProvider } from "./ui/toast.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      // What the API refused it will refuse again; only a missing answer is worth another try.
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

onUnauthorized(() => void queries.invalidateQueries({ queryKey: ["me"] }));

const root = document.querySelector("#root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <ErrorBoundary>
            <ToastProvider>
              <App />
            </ToastProvider>
          </ErrorBoundary>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
