/** Small marks that say who a customer is. Words carry the meaning; colour only helps. */
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { useFormat } from "@/shared/format";
import { Badge, Text, Tooltip } from "@/shared/ui";
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

/** When somebody last spoke with the customer, in red once that is longer ago than the rule allows. */
export function LastContact({ at }: { at?: string | null }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const most = useMe().company.follow_up.customer_days;
  if (!at) return null;
  const silent = Date.now() - Date.parse(at) > most * 86_400_000;
  return (
    <Text
      span
      inherit
      c={silent ? "var(--mantine-color-error)" : undefined}
      title={silent ? t("silent_for", { count: most }) : f.dateTime(at)}
    >
      {f.ago(at)}
    </Text>
  );
}
