import { createRouter } from "@tanstack/react-router";
import { routeTree } from "../routeTree.gen";
import { NotFound, RouteFailure, RoutePending } from "./boundaries";
import { queryClient } from "./query";

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  scrollRestoration: true,
  defaultErrorComponent: RouteFailure,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: RoutePending,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
