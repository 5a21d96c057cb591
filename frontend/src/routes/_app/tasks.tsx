import { createFileRoute } from "@tanstack/react-router";
import { TasksPage } from "@/features/tasks/TasksPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/tasks")({ validateSearch: listSearch, component: TasksPage });
