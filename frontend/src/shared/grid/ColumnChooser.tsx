import { IconColumns } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { IconButton, Popover } from "../ui";
import type { GridColumn } from "./types";

const ColumnList = lazy(() => import("./ColumnList"));

interface Props<T> {
  columns: GridColumn<T>[];
  shown: string[];
  /** Ids joined by commas, or undefined for the default. */
  onChange: (cols: string | undefined) => void;
}

/** Which columns, in which order. */
export function ColumnChooser<T>({ columns, shown, onChange }: Props<T>) {
  const { t } = useTranslation("grid");
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <IconButton label={t("columns")} size="lg" variant="default">
          <IconColumns size={18} stroke={1.6} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={t("columns")}>
        <Suspense fallback={null}>
          <ColumnList columns={columns} shown={shown} onChange={onChange} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
