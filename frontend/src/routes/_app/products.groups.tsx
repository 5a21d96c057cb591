import { createFileRoute } from "@tanstack/react-router";
import { GroupsPage } from "@/features/catalog/GroupsPage";

export const Route = createFileRoute("/_app/products/groups")({ component: GroupsPage });
