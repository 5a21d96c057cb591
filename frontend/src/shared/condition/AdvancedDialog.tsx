import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api/types";
import type { FilterField } from "../grid/types";
import { Button, Dialog, Group } from "../ui";
import { ConditionBuilder } from "./ConditionBuilder";

interface Props {
  fields: FilterField[];
  initial: Condition | undefined;
  onApply: (condition: Condition | undefined) => void;
  onClose: () => void;
}

export default function AdvancedDialog({ fields, initial, onApply, onClose }: Props) {
  const { t } = useTranslation("grid");
  const [draft, setDraft] = useState(initial);
  return (
    <Dialog opened onClose={onClose} title={t("builder.title")} size="xl" top>
      <ConditionBuilder fields={fields} initial={initial} onChange={setDraft} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("common:action.cancel")}
        </Button>
        <Button onClick={() => onApply(draft)}>{t("common:action.apply")}</Button>
      </Group>
    </Dialog>
  );
}
