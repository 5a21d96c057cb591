import { createFileRoute } from "@tanstack/react-router";
import { SignInPage } from "@/features/access/SignInPage";

interface SignInSearch {
  next?: string;
  /** Why the company's provider did not let the person in. */
  refused?: string;
  /** The provider vouched for the person, whose code is wanted now. */
  oidc?: "code";
}

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search.next === "string" && { next: search.next }),
    ...(typeof search.refused === "string" && { refused: search.refused }),
    ...(search.oidc === "code" && { oidc: "code" }),
  }),
  component: SignInPage,
});
