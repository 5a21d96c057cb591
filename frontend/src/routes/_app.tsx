import { createFileRoute, redirect } from "@tanstack/react-router";
import { session } from "@/api/session";
import { SignedIn } from "@/app/SignedIn";

/** Everything behind the sign-in: restores the session from its cookie first, else asks to sign in. */
export const Route = createFileRoute("/_app")({
  beforeLoad: async ({ location }) => {
    if (session.me() || (await session.refresh())) return;
    throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: SignedIn,
});
