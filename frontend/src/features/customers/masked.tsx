/** Fields that are masked for the signed-in person: shown with a lock that says why, and not edited. */
import { IconLock } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { Tooltip, VisuallyHidden } from "@/shared/ui";
import classes from "./masked.module.css";
import type { Customer } from "./types";

/** Whether a field, named as `GET /masks` names it, is masked for the person. */
export function useMasks(): (key: string) => boolean {
  const { masks } = useMe();
  return useMemo(() => {
    const keys = new Set(masks);
    return (key) => keys.has(key);
  }, [masks]);
}

/** A value as it may be seen: as it is, or what is left of it beside a lock. `field` is its key among the masks. */
export function seen(customer: Pick<Customer, "masked">, field: string, value: ReactNode): ReactNode {
  return customer.masked?.includes(field) ? <Masked>{value}</Masked> : value;
}

function Masked({ children }: { children: ReactNode }) {
  const { t } = useTranslation("customers");
  return (
    <Tooltip label={t("masked_hint")} multiline w={240} openDelay={200} touch>
      <span className={classes.masked}>
        {children || "***"}
        <IconLock size={13} stroke={1.8} aria-hidden="true" />
        <VisuallyHidden>{t("masked")}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}
