import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok, type Schema } from "@/api";
import { settingsQuery } from "@/features/platform";
import {
  Alert,
  Button,
  Dialog,
  Group,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  toast,
  Waiting,
} from "@/shared/ui";

type Sellout = Schema<"SelloutSettings">;
type Measure = Schema<"SelloutMeasure">;

/** What places are asked for, and how often. */
export default function MeasuresDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("sheets");
  const client = useQueryClient();
  const settings = useQuery(settingsQuery);
  const [changed, setChanged] = useState<Sellout>();
  const value = changed ?? settings.data?.settings.sellout;
  const save = useMutation({
    mutationFn: async () => {
      if (!settings.data || !value) return;
      await ok(
        api.PATCH("/settings", {
          params: { header: ifMatch(settings.data.version) },
          body: { settings: { sellout: value } },
        }),
      );
    },
    onSuccess: async () => {
      toast.done(t("common:state.saved"));
      await client.invalidateQueries({ queryKey: keys.of("settings") });
      await client.invalidateQueries({ queryKey: keys.of("sheets") });
      onClose();
    },
  });
  const set = (at: number, part: Partial<Measure>) =>
    value &&
    setChanged({
      ...value,
      measures: value.measures.map((one, index) => (index === at ? { ...one, ...part } : one)),
    });
  return (
    <Dialog opened onClose={onClose} title={t("measures")} size="xl">
      <Waiting query={settings} rows={4} />
      {value && (
        <Stack gap="md">
          <Select
            label={t("period_kind")}
            allowDeselect={false}
            value={value.period}
            data={(["month", "week"] as const).map((one) => ({ value: one, label: t(`by.${one}`) }))}
            onChange={(period) => setChanged({ ...value, period: period as Sellout["period"] })}
          />
          {value.measures.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: measures keep their places while the dialog is open
            <Group key={at} align="end" gap="xs" role="group" aria-label={one.label_zh || one.key}>
              <TextInput
                label={t("measure_key")}
                w={130}
                value={one.key}
                onChange={(event) => set(at, { key: event.currentTarget.value })}
              />
              <TextInput
                label={t("measure_zh")}
                w={104}
                value={one.label_zh}
                onChange={(event) => set(at, { label_zh: event.currentTarget.value })}
              />
              <TextInput
                label={t("measure_en")}
                w={136}
                value={one.label_en}
                onChange={(event) => set(at, { label_en: event.currentTarget.value })}
              />
              <Select
                label={t("measure_kind")}
                w={100}
                allowDeselect={false}
                value={one.kind}
                data={(["quantity", "money", "text"] as const).map((kind) => ({
                  value: kind,
                  label: t(`kind.${kind}`),
                }))}
                onChange={(kind) => set(at, { kind: kind as Measure["kind"] })}
              />
              <Select
                label={t("measure_of")}
                w={100}
                allowDeselect={false}
                value={one.of}
                data={(["product", "competitor", "place"] as const).map((of) => ({
                  value: of,
                  label: t(`of.${of}`),
                }))}
                onChange={(of) => set(at, { of: of as Measure["of"] })}
              />
              <Switch
                label={t("measure_active")}
                mb={8}
                checked={one.active ?? true}
                onChange={(event) => set(at, { active: event.currentTarget.checked })}
              />
            </Group>
          ))}
          <Button
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={16} />}
            onClick={() =>
              setChanged({
                ...value,
                measures: [
                  ...value.measures,
                  { key: "", label_zh: "", label_en: "", kind: "quantity", of: "product", active: true },
                ],
              })
            }
          >
            {t("measure_new")}
          </Button>
          {save.error && (
            <Alert color="red" role="alert" title={save.error.message}>
              {"errors" in save.error &&
                (save.error.errors as Schema<"ProblemField">[]).map((one) => (
                  <Text key={one.pointer + one.code} size="sm">
                    {t("measure_line", { line: Number(one.pointer.split("/")[4] ?? 0) + 1 })} {one.detail}
                  </Text>
                ))}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
              {t("common:action.save")}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
