import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Button, Checkbox, Group, IconButton, ScrollArea, Stack } from "../ui";
import type { GridColumn } from "./types";

interface Props {
  columns: Pick<GridColumn<never>, "id" | "header">[];
  shown: string[];
  /** Ids joined by commas, or undefined for the default. */
  onChange: (cols: string | undefined) => void;
}

/** The columns with their order: what the chooser opens. Loaded then, so that lists stay light. */
export default function ColumnList({ columns, shown, onChange }: Props) {
  const { t } = useTranslation("grid");
  const rest = columns.filter((column) => !shown.includes(column.id));
  const ordered = [...shown.flatMap((id) => columns.find((column) => column.id === id) ?? []), ...rest];
  const put = (ids: string[]) => onChange(ids.join(","));
  const swap = (index: number, by: number) => {
    const ids = [...shown];
    const [moved] = ids.splice(index, 1);
    if (moved) ids.splice(index + by, 0, moved);
    put(ids);
  };
  return (
    <>
      <ScrollArea.Autosize mah={360} type="auto">
        <Stack gap={2}>
          {ordered.map((column) => {
            const index = shown.indexOf(column.id);
            return (
              <Group key={column.id} gap={2} wrap="nowrap" px={4} mih={32}>
                <Checkbox
                  style={{ flex: 1 }}
                  size="xs"
                  label={column.header}
                  checked={index >= 0}
                  disabled={index >= 0 && shown.length === 1}
                  onChange={() =>
                    put(index >= 0 ? shown.filter((id) => id !== column.id) : [...shown, column.id])
                  }
                />
                {index > 0 && (
                  <IconButton
                    size="sm"
                    label={t("column_up", { name: column.header })}
                    onClick={() => swap(index, -1)}
                  >
                    <IconArrowUp size={14} />
                  </IconButton>
                )}
                {index >= 0 && index < shown.length - 1 && (
                  <IconButton
                    size="sm"
                    label={t("column_down", { name: column.header })}
                    onClick={() => swap(index, 1)}
                  >
                    <IconArrowDown size={14} />
                  </IconButton>
                )}
              </Group>
            );
          })}
        </Stack>
      </ScrollArea.Autosize>
      <Button variant="subtle" size="compact-sm" mt={6} onClick={() => onChange(undefined)}>
        {t("columns_default")}
      </Button>
    </>
  );
}
