import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { PersonPicker } from "@/features/access";
import { JobProgress, underWay, useJob, useTagOptions } from "@/features/platform";
import type { Selection } from "@/shared/grid";
import { Alert, Button, Dialog, Group, MultiSelect, Select, Stack, Text } from "@/shared/ui";
import { problemText } from "@/shared/ui/States";
import { STATUSES, useDictionary, useWords } from "./choices";
import { type BulkAction, type BulkTarget, bulkCustomers } from "./commands";

export type Doing = "assign" | "add_tags" | "remove_tags" | "set";

const targetOf = (selection: Selection): BulkTarget =>
  selection.everything ? { filter: selection.filter ?? { all: [] }, q: selection.q } : { ids: selection.ids };

interface DialogProps {
  doing: Doing;
  selection: Selection;
  onClose: () => void;
}

export default function BulkDialog({ doing, selection, onClose }: DialogProps) {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const [action, setAction] = useState<BulkAction>();
  // Kept from the start: the list may change while the work goes on.
  const [target] = useState(() => targetOf(selection));
  const [count] = useState(selection.count);
  const run = useMutation({
    mutationFn: (chosen: BulkAction) => bulkCustomers(target, chosen),
    meta: { quiet: true },
  });
  const job = useJob(run.data?.id).data ?? run.data;
  const over = job !== undefined && !underWay(job);
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: keys.of("customers") });
  }, [over, client]);

  return (
    <Dialog opened onClose={onClose} title={t(`bulk.${doing}_title`, { count })}>
      <Stack>
        {!job && <Choice doing={doing} onChange={setAction} />}
        {run.isError && (
          <Alert color="red" role="alert" variant="light">
            {problemText(run.error, t)}
          </Alert>
        )}
        {job && <JobProgress job={job} />}
        {job && !over && (
          <Text size="sm" c="dimmed">
            {t("bulk.goes_on")}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t(job ? "common:action.close" : "common:action.cancel")}
          </Button>
          {!job && (
            <Button disabled={!action} loading={run.isPending} onClick={() => action && run.mutate(action)}>
              {t(`bulk.${doing}`)}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

interface ChoiceProps {
  doing: Doing;
  onChange: (action: BulkAction | undefined) => void;
}

function Choice({ doing, onChange }: ChoiceProps) {
  if (doing === "assign") return <AssignChoice onChange={onChange} />;
  if (doing === "set") return <SetChoice onChange={onChange} />;
  return <TagChoice doing={doing} onChange={onChange} />;
}

function AssignChoice({ onChange }: Pick<ChoiceProps, "onChange">) {
  const { t } = useTranslation("customers");
  const [owner, setOwner] = useState<string | null>(null);
  return (
    <PersonPicker
      label={t("field.owner")}
      value={owner}
      onChange={(id) => {
        setOwner(id);
        onChange(id ? { assign: { owner_id: id } } : undefined);
      }}
    />
  );
}

function TagChoice({
  doing,
  onChange,
}: {
  doing: "add_tags" | "remove_tags";
  onChange: ChoiceProps["onChange"];
}) {
  const { t } = useTranslation("customers");
  const tags = useTagOptions();
  return (
    <MultiSelect
      label={t("field.tags")}
      data-autofocus
      searchable
      data={tags}
      nothingFoundMessage={t("no_tags")}
      onChange={(ids) =>
        onChange(
          ids.length === 0 ? undefined : doing === "add_tags" ? { add_tags: ids } : { remove_tags: ids },
        )
      }
    />
  );
}

const SETTABLE = ["status", "level", "source", "industry"] as const;
type Settable = (typeof SETTABLE)[number];

function SetChoice({ onChange }: Pick<ChoiceProps, "onChange">) {
  const { t } = useTranslation("customers");
  const [field, setField] = useState<Settable>("level");
  const [value, setValue] = useState<string | null>(null);
  const words = {
    status: useWords("status", STATUSES),
    level: useDictionary("level"),
    source: useDictionary("source"),
    industry: useDictionary("industry"),
  };
  return (
    <Group grow align="flex-start">
      <Select
        label={t("bulk.field")}
        allowDeselect={false}
        data={SETTABLE.map((one) => ({ value: one, label: t(`field.${one}`) }))}
        value={field}
        onChange={(next) => {
          if (next) setField(next);
          setValue(null);
          onChange(undefined);
        }}
      />
      <Select
        label={t("bulk.value")}
        searchable
        data={words[field].options}
        value={value}
        onChange={(next) => {
          setValue(next);
          onChange(next ? { set: { [field]: next } } : undefined);
        }}
      />
    </Group>
  );
}
