import { MutationCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@/api/problem";
import { toast } from "@/shared/ui/toast";

/** Answers that another try can't change. */
const final = (error: unknown) => error instanceof ApiProblem && error.status >= 400 && error.status < 500;

/**
 * Records open at once from this cache and refresh behind. A mutation that does not deal with its own failure
 * (`meta: { quiet: true }`, as forms do) says what went wrong in a toast.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => count < 2 && !final(error),
    },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (mutation.meta?.quiet !== true) toast.problem(error);
    },
  }),
});
