/** What is to be done: as the contract tells it, read and changed. */
import { keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  api,
  type Condition,
  type ConditionLeaf,
  idempotencyKey,
  ifMatch,
  keys,
  type ListParams,
  ok,
  type Schema,
  type Versioned,
  whole,
} from "@/api";
import { toast } from "@/shared/ui";

export type Task = Schema<"TaskView">;
export type ChecklistItem = Schema<"ChecklistItem">;

type Signal = { signal: AbortSignal };

export const fetchTasks = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/tasks", { params: { query }, signal }));

export const fetchTask = (id: string) => ok(api.GET("/tasks/{id}", { params: { path: { id } } }));

export const addTask = (body: Schema<"TaskInput">, header = idempotencyKey()) =>
  ok(api.POST("/tasks", { params: { header }, body }));

export const patchTask = (row: Versioned, body: Schema<"TaskInputPatch">) =>
  ok(api.PATCH("/tasks/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) }, body }));

export const deleteTask = (row: Versioned) =>
  ok(api.DELETE("/tasks/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));

const completeTask = (id: string, body: Schema<"CompletionInput"> = {}) =>
  ok(api.POST("/tasks/{id}/completion", { params: { path: { id } }, body }));

const reopenTask = (id: string) => ok(api.POST("/tasks/{id}/reopening", { params: { path: { id } } }));

const snoozeTask = (id: string, due_on: string) =>
  ok(api.POST("/tasks/{id}/snooze", { params: { path: { id } }, body: { due_on } }));

const open: Condition = { field: "status", op: "eq", value: "open" };
const leaf = (field: string, op: ConditionLeaf["op"], value: ConditionLeaf["value"]): Condition => ({
  field,
  op,
  value,
});

export const PRESETS = ["mine", "today", "overdue", "team", "all"] as const;
export type Preset = (typeof PRESETS)[number];

/** The lists people ask for every day; done ones are in the last only. */
export const presetFilter = (
  preset: Preset,
  who: { me: string; department: string; today: string },
): Condition | undefined => {
  const mine = leaf("owner", "eq", who.me);
  switch (preset) {
    case "mine":
      return { all: [open, mine] };
    case "today":
      return { all: [open, mine, leaf("due_on", "lte", who.today)] };
    case "overdue":
      return { all: [open, leaf("due_on", "lt", who.today)] };
    case "team":
      return { all: [open, leaf("department", "eq", who.department)] };
    case "all":
      return undefined;
  }
};

/** One's own open tasks up to a day, with those that have none; what is overdue first. */
export const dueQuery = (me: string, until: string) => ({
  queryKey: keys.list("tasks", { due: until, me }),
  queryFn: async ({ signal }: Signal) => {
    const due: Condition = { any: [leaf("due_on", "lte", until), leaf("due_on", "is_null", true)] };
    const filter = JSON.stringify({ all: [open, leaf("owner", "eq", me), due] });
    return (await fetchTasks({ filter, sort: "due_at", limit: 100 }, signal)).items;
  },
});

/** What is due between two days, done or not, of one person or of everybody within reach. */
export const calendarQuery = (owner: string | undefined, from: string, to: string) => ({
  queryKey: keys.list("tasks", { calendar: [from, to], owner }),
  queryFn: async ({ signal }: Signal) => {
    const due = leaf("due_on", "between", [from, to]);
    const kept: Condition = { not: leaf("status", "eq", "cancelled") };
    const filter = JSON.stringify({ all: owner ? [due, kept, leaf("owner", "eq", owner)] : [due, kept] });
    return whole((query) => fetchTasks({ ...query, filter, sort: "due_at" }, signal));
  },
  placeholderData: keepPreviousData,
});

/** What is to be done for one customer, and the last things that were. */
export const customerTasksQuery = (customer: string) => ({
  queryKey: keys.list("tasks", { customer }),
  queryFn: async ({ signal }: Signal) => {
    const about = leaf("customer", "any_of", [customer]);
    const ask = (filter: Condition, sort: string, limit: number) =>
      fetchTasks({ filter: JSON.stringify(filter), sort, limit }, signal);
    const [waiting, ended] = await Promise.all([
      ask({ all: [open, about] }, "due_at", 50),
      ask({ all: [{ not: open }, about] }, "-done_at", 3),
    ]);
    return { open: waiting.items, ended: ended.items };
  },
});

/** What one does with a task in a list; each can be taken back where that makes sense. */
export function useTaskActs(onDone?: (task: Task) => void) {
  const { t } = useTranslation("tasks");
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of("customers") });
    return client.invalidateQueries({ queryKey: keys.of("tasks") });
  };
  const settled = { onSettled: refresh, onError: toast.problem };
  const reopen = useMutation({ mutationFn: (task: Task) => reopenTask(task.id), ...settled });
  const complete = useMutation({
    mutationFn: (task: Task) => completeTask(task.id),
    ...settled,
    onSuccess: (task) => {
      onDone?.(task);
      toast.undo(t("done_said", { title: task.title }), t("common:action.undo"), () => reopen.mutate(task));
    },
  });
  const snooze = useMutation({
    mutationFn: ({ task, until }: { task: Task; until: string }) => snoozeTask(task.id, until),
    ...settled,
    onSuccess: (task) => {
      onDone?.(task);
      toast.done(t("snoozed_said", { title: task.title }));
    },
  });
  return { complete, reopen, snooze, refresh };
}
