import { IconAdjustments } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FilterField } from "../grid/types";
import { useListState } from "../grid/useListState";
import { IconButton } from "../ui";

const AdvancedDialog = lazy(() => import("./AdvancedDialog"));

/** Beside the filter chips: the whole condition of a list, groups and all, in a dialog. */
export function AdvancedFilter({ fields }: { fields: FilterField[] }) {
  const { t } = useTranslation("grid");
  const { state, update } = useListState();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <IconButton label={t("builder.title")} size="lg" variant="default" onClick={() => setOpened(true)}>
        <IconAdjustments size={18} stroke={1.6} />
      </IconButton>
      <Suspense>
        {opened && (
          <AdvancedDialog
            fields={fields}
            initial={state.filter}
            onApply={(filter) => {
              update({ filter });
              setOpened(false);
            }}
            onClose={() => setOpened(false)}
          />
        )}
      </Suspense>
    </>
  );
}
