import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Dialog, Text, Waiting } from "@/shared/ui";
import { type Column, shown } from "./cells";
import { changesQuery, type Sheet, type SheetPlace } from "./sheet";

interface Props {
  sheet: Sheet;
  place: SheetPlace;
  column: Column;
  onClose: () => void;
}

/** What a cell held from when on, and who changed it. */
export default function HistoryDialog({ sheet, place, column, onClose }: Props) {
  const { t } = useTranslation("sheets");
  const f = useFormat();
  const cell = column.ofPlace
    ? { place_id: place.id, measure: column.key }
    : { place_id: place.id, measure: sheet.measure.key, item: column.key };
  const changes = useQuery(changesQuery(sheet.period, cell));
  const label = t("history_of", { place: place.name, column: column.name });
  const text = (value?: string | null) => shown(column.kind, value ?? undefined) || "–";
  return (
    <Dialog opened onClose={onClose} title={label}>
      <Waiting query={changes} rows={3} />
      {changes.data?.length === 0 && <Text>{t("history_none")}</Text>}
      {changes.data && changes.data.length > 0 && (
        <SimpleTable
          label={label}
          rows={changes.data}
          rowKey={(one) => String(one.version)}
          columns={[
            { id: "at", header: t("history_at"), cell: (one) => f.dateTime(one.at) },
            { id: "by", header: t("history_by"), cell: (one) => one.by?.name ?? "–" },
            { id: "before", header: t("history_before"), align: "right", cell: (one) => text(one.before) },
            { id: "after", header: t("history_after"), align: "right", cell: (one) => text(one.after) },
          ]}
        />
      )}
    </Dialog>
  );
}
