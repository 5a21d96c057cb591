import { IconDownload, IconPencil, IconTag, IconTagOff, IconUserShare } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExportRequest } from "@/features/imports";
import type { Selection } from "@/shared/grid";
import { Button } from "@/shared/ui";
import type { Doing } from "./BulkDialog";

const BulkDialog = lazy(() => import("./BulkDialog"));

interface Props {
  selection: Selection;
  mayChange: boolean;
  /** Absent for people who may not export. */
  onExport?: (request: Omit<ExportRequest, "resource">) => void;
  /** Exports members of this segment only. */
  segment?: string;
}

/** What can be done to the ticked customers, or to everything the list shows. */
export function BulkBar({ selection, mayChange, onExport, segment }: Props) {
  const { t } = useTranslation("customers");
  const [doing, setDoing] = useState<Doing>();
  const button = (what: Doing, Icon: typeof IconTag) => (
    <Button
      variant="default"
      size="compact-md"
      leftSection={<Icon size={16} stroke={1.6} />}
      onClick={() => setDoing(what)}
    >
      {t(`bulk.${what}`)}
    </Button>
  );
  const exportThese = () =>
    onExport?.({
      segment: selection.everything ? segment : undefined,
      query: selection.everything
        ? { q: selection.q, filter: selection.filter && JSON.stringify(selection.filter) }
        : { filter: JSON.stringify({ field: "id", op: "in", value: selection.ids }) },
    });
  return (
    <>
      {mayChange && (
        <>
          {button("assign", IconUserShare)}
          {button("add_tags", IconTag)}
          {button("remove_tags", IconTagOff)}
          {button("set", IconPencil)}
        </>
      )}
      {onExport && (
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconDownload size={16} stroke={1.6} />}
          onClick={exportThese}
        >
          {t("common:action.export")}
        </Button>
      )}
      <Suspense>
        {doing && <BulkDialog doing={doing} selection={selection} onClose={() => setDoing(undefined)} />}
      </Suspense>
    </>
  );
}
