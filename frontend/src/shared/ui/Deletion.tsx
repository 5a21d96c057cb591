import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "./Confirm";

/** Begins taking something away; what it does is asked again in {@link ConfirmDelete}. */
export function DeleteButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button variant="subtle" color="red" leftSection={<IconTrash size={16} />} onClick={onClick}>
      {t("action.delete")}
    </Button>
  );
}

/** Asks before deleting; the words between say what goes with it and what stays. */
export function ConfirmDelete(props: Omit<ComponentProps<typeof Confirm>, "verb" | "danger">) {
  const { t } = useTranslation();
  return <Confirm {...props} verb={t("action.delete")} danger />;
}
