import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useExport } from "@/features/imports";
import { Button } from "@/shared/ui";
import { csv, flat } from "./figures";
import type { Query, Table } from "./types";

/** The table as it is shown, as a file; and as a logged export with its watermark. */
export function Download({ table, query }: { table: Table | undefined; query: Query }) {
  const { t } = useTranslation("pivots");
  const exporting = useExport("pivots");
  const save = () => {
    if (!table) return;
    const blob = new Blob([csv(flat(table, t("total")))], { type: "text/csv;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${query.fact}-${new Date().toISOString().slice(0, 10)}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} stroke={1.6} />}
        disabled={!table}
        onClick={save}
      >
        CSV
      </Button>
      {exporting.start && (
        <Button
          variant="default"
          leftSection={<IconFileSpreadsheet size={16} stroke={1.6} />}
          disabled={!table}
          onClick={() => exporting.start?.({ query: {}, pivot: query })}
        >
          {t("common:action.export")}
        </Button>
      )}
      {exporting.dialog}
    </>
  );
}
