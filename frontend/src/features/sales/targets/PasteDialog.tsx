import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, useMe } from "@/api";
import { Alert, Button, Dialog, Group, Select, Stack, Text, Textarea, toast } from "@/shared/ui";
import { importTargets, KINDS, sheetRows, type TargetKind, type TargetSplit } from "./targets";

interface Props {
  year: number;
  onClose: () => void;
  onSaved: () => void;
}

/** Takes rows copied from a sheet: a code, then a year's amount or twelve months. */
export default function PasteDialog({ year, onClose, onSaved }: Props) {
  const { t } = useTranslation("targets");
  const { company } = useMe();
  const [kind, setKind] = useState<TargetKind>("user");
  const [split, setSplit] = useState<TargetSplit>("even");
  const [text, setText] = useState("");
  const rows = sheetRows(text, company.currency);
  const save = useMutation({
    mutationFn: () => importTargets({ year, kind, split, rows }),
    onSuccess: (done) => {
      toast.done(t("pasted", { created: done.created, updated: done.updated }));
      onSaved();
    },
  });
  const errors = save.error instanceof ApiProblem ? save.error.errors : [];
  return (
    <Dialog opened onClose={onClose} title={t("paste_of", { year })}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("paste_hint")}
        </Text>
        <Group grow>
          <Select
            label={t("kind_label")}
            allowDeselect={false}
            value={kind}
            data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(value) => setKind(value as TargetKind)}
          />
          <Select
            label={t("split_label")}
            allowDeselect={false}
            value={split}
            data={(["even", "seasonal"] as const).map((value) => ({ value, label: t(`split.${value}`) }))}
            onChange={(value) => setSplit(value as TargetSplit)}
          />
        </Group>
        <Textarea
          label={t("paste_label")}
          autosize
          minRows={6}
          maxRows={16}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {save.error && (
          <Alert color="red" role="alert" title={t("paste_refused")}>
            {errors.map((one) => (
              <Text key={one.pointer + one.code} size="sm">
                {t("paste_line", { line: Number(one.pointer.split("/")[2] ?? 0) + 1 })} {one.detail}
              </Text>
            ))}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button disabled={rows.length === 0} loading={save.isPending} onClick={() => save.mutate()}>
            {t("paste_save", { count: rows.length })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
