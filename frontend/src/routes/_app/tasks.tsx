import { createFileRoute } from "@tanstack/react-router";
import { TasksPage } from "@/features/tasks/TasksPage";
import { type ListState, listSearch } from "@/shared/grid/search";

interface TasksSearch extends ListState {
  /** The task that is open beside the list. */
  task?: string;
}

export const Route = createFileRoute("/_app/tasks")({
  validateSearch: (search: Record<string, unknown>): TasksSearch => ({
    ...listSearch(search),
    task: typeof search.task === "string" ? search.task : undefined,
  }),
  component: TasksPage,
});
