import { IconAdjustments } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api/types";
import type { FilterField } from "../grid/types";
import { useListState } from "../grid/useListState";
import { Button, Dialog, Group, IconButton } from "../ui";

const ConditionBuilder = lazy(() =>
  import("./ConditionBuilder").then((module) => ({ default: module.ConditionBuilder })),
);

/** Beside the filter chips: the whole condition of a list, groups and all, in a dialog. */
export function AdvancedFilter({ fields }: { fields: FilterField[] }) {
  const { t } = useTranslation("grid");
  const { state, update } = useListState();
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState<Condition>();
  const open = () => {
    setDraft(state.filter);
    setOpened(true);
  };
  return (
    <>
      <IconButton label={t("builder.title")} size="lg" variant="default" onClick={open}>
        <IconAdjustments size={18} stroke={1.6} />
      </IconButton>
      {opened && (
        <Dialog opened onClose={() => setOpened(false)} title={t("builder.title")} size="xl">
          <Suspense>
            <ConditionBuilder fields={fields} initial={state.filter} onChange={setDraft} />
          </Suspense>
          <Group justify="flex-end" gap="xs" mt="md">
            <Button variant="default" onClick={() => setOpened(false)}>
              {t("common:action.cancel")}
            </Button>
            <Button
              onClick={() => {
                update({ filter: draft });
                setOpened(false);
              }}
            >
              {t("common:action.apply")}
            </Button>
          </Group>
        </Dialog>
      )}
    </>
  );
}
