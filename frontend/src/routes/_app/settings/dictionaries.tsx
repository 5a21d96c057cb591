import { createFileRoute } from "@tanstack/react-router";
import { DictionariesPage } from "@/features/platform/DictionariesPage";

export const Route = createFileRoute("/_app/settings/dictionaries")({ component: DictionariesPage });
