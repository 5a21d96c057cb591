import { createFileRoute } from "@tanstack/react-router";
import { AssetsPage } from "@/features/customers/AssetsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/assets")({ validateSearch: listSearch, component: AssetsPage });
