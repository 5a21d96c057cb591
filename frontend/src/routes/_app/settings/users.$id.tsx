import { createFileRoute } from "@tanstack/react-router";
import { UserPage } from "@/features/access/UserPage";

export const Route = createFileRoute("/_app/settings/users/$id")({ component: UserPage });
