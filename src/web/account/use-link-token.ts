import { useEffect, useState } from "react";

/**
 * The one-time token of a link such as `/invite#token=…`. It stands behind the `#`, so it never reaches a server log; once read it is
 * taken out of the address, so that it is not kept in the history either.
 */
export function useLinkToken(): string | null {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get("token"));
  useEffect(() => {
    if (window.location.hash !== "") window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return token === "" ? null : token;
}
