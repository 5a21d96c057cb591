import { createFileRoute } from "@tanstack/react-router";
import { InvitePage } from "@/features/access/InvitePage";

export const Route = createFileRoute("/invite")({ component: InvitePage });
