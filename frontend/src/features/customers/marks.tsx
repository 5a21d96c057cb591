/** Small marks that say who a customer is. Words carry the meaning; colour only helps. */
import { useTranslation } from "react-i18next";
import { Badge, Tooltip } from "@/shared/ui";
import type { Metrics, Stage, Status, ValueClass } from "./types";

const CLASS_LOOK: Record<ValueClass, { color: string; variant: "filled" | "light" | "outline" }> = {
  vip: { color: "ember", variant: "filled" },
  major: { color: "pine", variant: "filled" },
  ordinary: { color: "pine", variant: "light" },
  small: { color: "gray", variant: "light" },
};

export function ClassMark({ value }: { value: ValueClass }) {
  const { t } = useTranslation("customers");
  return (
    <Badge tt="none" radius="sm" fw={600} {...CLASS_LOOK[value]}>
      {t(`value.${value}`)}
    </Badge>
  );
}

export function StageMark({ stage }: { stage: Stage }) {
  const { t } = useTranslation("customers");
  return (
    <Tooltip label={t(`stage_hint.${stage}`)} multiline w={260} touch>
      <span>{t(`stage.${stage}`)}</span>
    </Tooltip>
  );
}

const STATUS_COLOR: Record<Status, string> = { lead: "yellow", customer: "pine", inactive: "gray" };

export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation("customers");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color={STATUS_COLOR[status]}>
      {t(`status.${status}`)}
    </Badge>
  );
}

/** `545`, with the words behind the three digits. */
export function RfmMark({ rfm }: { rfm: NonNullable<Metrics["rfm"]> }) {
  const { t } = useTranslation("customers");
  return (
    <Tooltip label={t("rfm_words", { r: rfm.r, f: rfm.f, m: rfm.m })} multiline w={280} touch>
      <span className="tabular">{rfm.code}</span>
    </Tooltip>
  );
}
