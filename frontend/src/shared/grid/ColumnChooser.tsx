import { IconColumns } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
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
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={280}
      padding="xs"
      label={t("columns")}
      target={
        <IconButton label={t("columns")} size="lg" variant="default" onClick={() => setOpen(!open)}>
          <IconColumns size={18} stroke={1.6} />
        </IconButton>
      }
    >
      <Suspense fallback={null}>
        <ColumnList columns={columns} shown={shown} onChange={onChange} />
      </Suspense>
    </Popover>
  );
}
