import { createFileRoute } from "@tanstack/react-router";
import { PoolPage } from "@/features/pool/PoolPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/pool")({ validateSearch: listSearch, component: PoolPage });
