import { useMutation, useQueryClient } from "@tanstack/react-query";
import { keys } from "@/api";
import { toast } from "@/shared/ui";
import { qualificationsOfQuery } from "./queries";
import type { Qualification } from "./types";

/** Does something to a qualification and shows what came of it everywhere. */
export function useActs(row: Qualification) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (work: (row: Qualification) => Promise<Qualification>) => work(row),
    onSuccess: (now) => {
      client.setQueryData<Qualification[]>(qualificationsOfQuery(now.customer.id).queryKey, (list) =>
        list?.map((one) => (one.id === now.id ? now : one)),
      );
      void client.invalidateQueries({ queryKey: keys.list("qualifications", "waiting") });
      if (now.status !== row.status) void client.invalidateQueries({ queryKey: keys.of("customers") });
    },
    onError: (problem) => {
      toast.problem(problem);
      // Somebody was faster: what is shown is old.
      void client.invalidateQueries({ queryKey: keys.of("qualifications") });
    },
  });
  return { run: act.mutateAsync, busy: act.isPending };
}
