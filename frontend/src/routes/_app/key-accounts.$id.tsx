import { createFileRoute } from "@tanstack/react-router";
import { KeyAccountPage } from "@/features/keyaccounts/KeyAccountPage";

export const Route = createFileRoute("/_app/key-accounts/$id")({ component: KeyAccountPage });
