import { createFileRoute } from "@tanstack/react-router";
import { WishesPage } from "@/features/customers/WishesPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/wishes")({ validateSearch: listSearch, component: WishesPage });
