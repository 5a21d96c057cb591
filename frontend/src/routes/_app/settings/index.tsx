import { createFileRoute } from "@tanstack/react-router";
import { SettingsIndex } from "@/features/platform/SettingsLayout";

export const Route = createFileRoute("/_app/settings/")({ component: SettingsIndex });
