import { createFileRoute } from "@tanstack/react-router";
import { SettingsLayout } from "@/features/platform/SettingsLayout";

export const Route = createFileRoute("/_app/settings")({ component: SettingsLayout });
