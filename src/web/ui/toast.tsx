import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Icon } from "./icons.tsx";

interface Toast {
  id: number;
  message: string;
  tone: "plain" | "error";
  action?: { label: string; run: () => void };
}

type Show = (message: string, options?: { tone?: "plain" | "error"; action?: Toast["action"] }) => void;

const ToastContext = createContext<Show>(() => {});

/** Shows a short message at the bottom of the page, with an optional action such as *Undo*. */
export const useToast = (): Show => use(ToastContext);

/** Milliseconds a message stays; twice as long when there is something to press. */
const STAYS = 5000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const ids = useRef(0);
  const show = useCallback<Show>((message, options) => {
    ids.current += 1;
    const toast: Toast = { id: ids.current, message, tone: options?.tone ?? "plain" };
    if (options?.action) toast.action = options.action;
    setToasts((known) => [...known.slice(-2), toast]);
  }, []);
  const close = useCallback((id: number) => setToasts((known) => known.filter((toast) => toast.id !== id)), []);
  const list = useMemo(() => toasts.map((toast) => <ToastView key={toast.id} toast={toast} close={close} />), [toasts, close]);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {list}
      </div>
    </ToastContext>
  );
}

function ToastView({ toast, close }: { toast: Toast; close: (id: number) => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = window.setTimeout(() => close(toast.id), toast.action ? STAYS * 2 : STAYS);
    return () => window.clearTimeout(timer);
  }, [toast, held, close]);
  const { action } = toast;
  return (
    <div
      className="toast"
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.message}</span>
      {action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            action.run();
            close(toast.id);
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="toast-close" aria-label="Dismiss" onClick={() => close(toast.id)}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}
