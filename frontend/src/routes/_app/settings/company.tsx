import { createFileRoute } from "@tanstack/react-router";
import { CompanyPage } from "@/features/platform/CompanyPage";

export const Route = createFileRoute("/_app/settings/company")({ component: CompanyPage });
