import { createFileRoute } from "@tanstack/react-router";
import { ProductsPage } from "@/features/catalog/ProductsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/products/")({
  validateSearch: listSearch,
  component: ProductsPage,
});
