import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeople } from "@/features/customers";
import { useFormat } from "@/shared/format";
import {
  Badge,
  Button,
  Checkbox,
  DateField,
  Group,
  IconButton,
  LazySelect,
  Panel,
  Switch,
  TextInput,
  toast,
} from "@/shared/ui";
import classes from "./Opportunity.module.css";
import { patchOpportunity } from "./queries";
import type { Opportunity, OpportunityPatch, Step } from "./types";

const PlanEndDialog = lazy(() => import("./PlanEndDialog"));

type Written = NonNullable<OpportunityPatch["steps"]>[number];

interface Props {
  row: Opportunity;
  mayWrite: boolean;
  onSaved: (row: Opportunity) => void;
}

const written = (step: Step): Written => ({
  id: step.id,
  title: step.title,
  due_on: step.due_on ?? null,
  owner_id: step.owner?.id ?? null,
  required: step.required,
  status: step.status,
  result: step.result ?? null,
});

/** The development plan: what is to be done, by when, and what came of it. Its end moves the opportunity. */
export function PlanPanel({ row, mayWrite, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const [ending, setEnding] = useState<"success" | "stop">();
  const save = useMutation({
    mutationFn: (steps: Written[]) => patchOpportunity(row, { steps }),
    onSuccess: onSaved,
    onError: toast.problem,
  });
  const all = row.steps.map(written);
  const put = (at: number, change: Partial<Written>) =>
    save.mutate(all.map((one, place) => (place === at ? { ...one, ...change } : one)));
  const open = row.steps.some((step) => step.status === "open");
  const live = row.status === "open" || row.status === "dormant";
  return (
    <Panel
      title={t("plan")}
      flush
      aside={
        mayWrite &&
        live &&
        row.steps.length > 0 && (
          <Group gap={4} wrap="nowrap">
            <Button size="compact-sm" variant="light" onClick={() => setEnding("success")}>
              {t("plan_success")}
            </Button>
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => setEnding("stop")}>
              {t("plan_stop")}
            </Button>
          </Group>
        )
      }
    >
      {row.steps.length === 0 && <p className={classes.nothing}>{t("plan_none")}</p>}
      <ul className={classes.rows}>
        {row.steps.map((step, at) => (
          <StepRow
            key={step.id}
            step={step}
            mayWrite={mayWrite}
            onChange={(change) => put(at, change)}
            onRemove={() => save.mutate(all.toSpliced(at, 1))}
            onUp={
              at > 0
                ? () => save.mutate(all.toSpliced(at - 1, 2, all[at] as Written, all[at - 1] as Written))
                : undefined
            }
          />
        ))}
      </ul>
      {!open && row.plan_outcome && <p className={classes.nothing}>{t(`plan_ended.${row.plan_outcome}`)}</p>}
      {mayWrite && <NewStep busy={save.isPending} onAdd={(step) => save.mutate([...all, step])} />}
      <Suspense>
        {ending && (
          <PlanEndDialog
            row={row}
            outcome={ending}
            onClose={() => setEnding(undefined)}
            onSaved={(now) => {
              setEnding(undefined);
              onSaved(now);
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}

interface StepProps {
  step: Step;
  mayWrite: boolean;
  onChange: (change: Partial<Written>) => void;
  onRemove: () => void;
  onUp?: () => void;
}

function StepRow({ step, mayWrite, onChange, onRemove, onUp }: StepProps) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const people = usePeople();
  const [result, setResult] = useState<string>();
  const done = step.status === "done";
  const assignable = mayWrite && step.status === "open";
  return (
    <li className={classes.row}>
      <Checkbox
        aria-label={t("step_done", { title: step.title })}
        checked={done}
        disabled={!mayWrite || step.status === "dropped"}
        onChange={() => (done ? onChange({ status: "open" }) : setResult(""))}
      />
      <span className={classes.words}>
        <span style={{ textDecoration: step.status === "dropped" ? "line-through" : undefined }}>
          {step.title}
        </span>{" "}
        {step.required && (
          <Badge size="xs" variant="outline" color="gray">
            {t("required")}
          </Badge>
        )}
        <div className={classes.sub}>
          {[
            step.due_on && t("due", { day: f.date(step.due_on) }),
            !assignable && step.owner?.name,
            step.done_at && t("done_on", { day: f.date(step.done_at) }),
            step.result,
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
        {result !== undefined && !done && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              onChange({ status: "done", result: result || null });
              setResult(undefined);
            }}
          >
            <Group gap="xs" mt={6} wrap="nowrap">
              <TextInput
                size="xs"
                style={{ flex: 1 }}
                aria-label={t("result")}
                placeholder={t("result")}
                value={result}
                onChange={(event) => setResult(event.currentTarget.value)}
              />
              <Button type="submit" size="compact-sm">
                {t("mark_done")}
              </Button>
            </Group>
          </form>
        )}
      </span>
      {assignable && (
        <LazySelect
          size="xs"
          w={120}
          clearable
          searchable
          aria-label={t("step_owner", { title: step.title })}
          placeholder={t("field.owner")}
          data={people}
          value={step.owner?.id ?? null}
          onChange={(owner_id) => onChange({ owner_id })}
        />
      )}
      {mayWrite && onUp && (
        <IconButton label={t("step_up", { title: step.title })} onClick={onUp}>
          <IconArrowUp size={15} />
        </IconButton>
      )}
      {mayWrite && (
        <IconButton label={t("remove_one", { text: step.title })} onClick={onRemove}>
          <IconTrash size={15} />
        </IconButton>
      )}
    </li>
  );
}

function NewStep({ busy, onAdd }: { busy: boolean; onAdd: (step: Written) => void }) {
  const { t } = useTranslation("pipeline");
  const people = usePeople();
  const [title, setTitle] = useState("");
  const [due, setDue] = useState<string | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [required, setRequired] = useState(true);
  return (
    <form
      className={classes.row}
      style={{ flexWrap: "wrap", alignItems: "center" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!title.trim()) return;
        onAdd({ title: title.trim(), due_on: due, owner_id: owner, required, status: "open" });
        setTitle("");
        setOwner(null);
        setDue(null);
      }}
    >
      <TextInput
        size="xs"
        style={{ flex: "1 1 10rem" }}
        aria-label={t("step_title")}
        placeholder={t("step_hint")}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <DateField
        size="xs"
        w={130}
        aria-label={t("due_on")}
        placeholder={t("due_on")}
        clearable
        value={due}
        onChange={setDue}
      />
      <LazySelect
        size="xs"
        w={120}
        clearable
        searchable
        aria-label={t("field.owner")}
        placeholder={t("field.owner")}
        data={people}
        value={owner}
        onChange={setOwner}
      />
      <Switch
        size="xs"
        label={t("required")}
        checked={required}
        onChange={(event) => setRequired(event.currentTarget.checked)}
      />
      <IconButton label={t("step_add")} type="submit" loading={busy}>
        <IconPlus size={16} />
      </IconButton>
    </form>
  );
}
