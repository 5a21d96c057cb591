import { useTranslation } from "react-i18next";
import { SimpleTable } from "@/shared/grid";
import { Button, Dialog, Group, Stack, Text } from "@/shared/ui";
import type { SheetState } from "./useSheet";

/** Somebody else saved some of these cells meanwhile: whose figures stand. */
export default function ContestedDialog({ state }: { state: SheetState }) {
  const { t } = useTranslation("sheets");
  const named = state.contested.map((one) => ({
    ...one,
    row: state.rows.find((row) => row.place.id === one.place),
    column: state.columns.find((column) => column.key === one.column),
  }));
  return (
    <Dialog opened onClose={() => state.settle(false)} title={t("contested", { count: named.length })}>
      <Stack gap="md">
        <Text size="sm">{t("contested_hint")}</Text>
        <SimpleTable
          label={t("contested", { count: named.length })}
          rows={named.slice(0, 50)}
          rowKey={(one) => `${one.place}/${one.column?.key}`}
          columns={[
            {
              id: "cell",
              header: t("place"),
              cell: (one) => [one.row?.place.name, one.column?.name].filter(Boolean).join(" · "),
            },
            {
              id: "mine",
              header: t("mine"),
              align: "right",
              cell: (one) => (one.row && one.column ? state.textOf(one.row, one.column) : ""),
            },
            { id: "theirs", header: t("theirs"), cell: (one) => one.detail },
          ]}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => state.settle(false)}>
            {t("take_theirs")}
          </Button>
          <Button onClick={() => state.settle(true)}>{t("keep_mine")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
