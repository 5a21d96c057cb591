import { createFileRoute } from "@tanstack/react-router";
import i18n from "i18next";
import { CustomerPage } from "@/features/customers/CustomerPage";
import { cardQuery } from "@/features/customers/queries";

/** The words of all panels, asked for at once: each panel would wait for its own only after the one above it. */
const WORDS = [
  "customers",
  "next",
  "journeys",
  "qualifications",
  "tasks",
  "outlook",
  "pipeline",
  "quotes",
  "wishes",
  "assets",
  "attachments",
  "associations",
];

export const Route = createFileRoute("/_app/customers/$id")({
  // Starts with the pointer over a link; the page opens from the cache and never waits for it.
  loader: ({ context, params }) => {
    void i18n.loadNamespaces(WORDS);
    void context.queryClient.prefetchQuery(cardQuery(params.id));
  },
  component: CustomerPage,
});
