import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys } from "@/api";
import { underWay, useJob } from "@/features/platform";
import { refit } from "./outlook";

/** Fits the models anew; what shows them is read again when that is done. */
export function useRefit() {
  const client = useQueryClient();
  const start = useMutation({ mutationFn: refit });
  const job = useJob(start.data?.id).data ?? start.data;
  const ended = job !== undefined && !underWay(job);
  useEffect(() => {
    if (!ended) return;
    for (const resource of ["insight", "customers", "today"]) {
      void client.invalidateQueries({ queryKey: keys.of(resource) });
    }
  }, [ended, client]);
  return { job, busy: start.isPending || (job !== undefined && !ended), start: () => start.mutate() };
}
