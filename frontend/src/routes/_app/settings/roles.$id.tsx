import { createFileRoute } from "@tanstack/react-router";
import { RolePage } from "@/features/access/RolePage";

export const Route = createFileRoute("/_app/settings/roles/$id")({ component: RolePage });
