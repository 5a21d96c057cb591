import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Toasts } from "@/shared/ui";
import { UiProvider } from "@/shared/ui/Provider";
import { queryClient } from "./query";
import { router } from "./router";
import { theme } from "./theme";

export function App() {
  return (
    <UiProvider theme={theme}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </UiProvider>
  );
}
