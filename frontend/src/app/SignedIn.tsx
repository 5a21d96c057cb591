import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "@/api/session";
import { useColorScheme } from "@/shared/ui";
import { asLanguage, setLanguage } from "./i18n";
import { preferencesOf } from "./preferences";
import { Shell } from "./Shell";

/** Hears of changes for as long as somebody is signed in. */
function useLive(person: string | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (!person) return;
    let stop: (() => void) | undefined;
    let left = false;
    void import("./live").then(({ live }) => {
      if (!left) stop = live(client);
    });
    return () => {
      left = true;
      stop?.();
    };
  }, [person, client]);
}

/** Follows the account's language and theme, and leaves for the sign-in page when the session ends. */
export function SignedIn() {
  const me = useSession();
  const navigate = useNavigate();
  const href = useRouterState({ select: (state) => state.location.href });
  const { setColorScheme } = useColorScheme();
  const { theme } = preferencesOf(me);
  const language = asLanguage(me?.locale);

  useEffect(() => {
    if (!me) void navigate({ to: "/sign-in", search: { next: href }, replace: true });
  }, [me, navigate, href]);
  useEffect(() => {
    if (language) void setLanguage(language);
  }, [language]);
  useEffect(() => {
    if (theme) setColorScheme(theme);
  }, [theme, setColorScheme]);

  useLive(me?.id);

  return me ? <Shell /> : null;
}
