import { createFileRoute } from "@tanstack/react-router";
import { WebhookPage } from "@/features/webhooks/WebhookPage";

export const Route = createFileRoute("/_app/settings/webhooks/$id")({ component: WebhookPage });
