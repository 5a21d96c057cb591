import { IconClockExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { ButtonLink } from "@/shared/ui";

const LATE: Condition = { field: "late", op: "eq", value: true };

/** The orders that should have been delivered by now. */
export function LateLink() {
  const { t } = useTranslation("sales");
  return (
    <ButtonLink
      to="/orders"
      search={{ filter: LATE }}
      variant="subtle"
      leftSection={<IconClockExclamation size={16} />}
    >
      {t("place_late")}
    </ButtonLink>
  );
}
