/** tasks: what people have to do — the list, today's part of it, a customer's part of it. */
export { TasksPanel } from "./TasksPanel";
export { TasksToday } from "./TasksToday";
