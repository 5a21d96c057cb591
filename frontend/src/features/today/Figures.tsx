import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useFormat } from "@/shared/format";
import { dayAfter } from "@/shared/format/day";
import { Figures } from "@/shared/ui";
import type { Today } from "./queries";
import classes from "./TodayPage.module.css";

/** The brief names at most so many customers to call; there may be more. */
const MOST_SHOWN = 20;

/** Four numbers, each leading to the records it counts. */
export function DayFigures({ today }: { today: Today }) {
  const { t } = useTranslation("today");
  const f = useFormat();
  const orders: Condition = { field: "ordered_on", op: "eq", value: dayAfter(today.on, -1) };
  const fresh: Condition = { field: "created_at", op: "within_days_ago", value: 7 };
  const figures: { label: string; value: string; to?: string; filter?: Condition }[] = [
    {
      label: t("figure.orders"),
      value: f.number(today.orders_yesterday.count),
      to: "/orders",
      filter: orders,
    },
    { label: t("figure.net"), value: f.short(today.orders_yesterday.net), to: "/orders", filter: orders },
    {
      label: t("figure.new_customers"),
      value: f.number(today.new_customers_7d),
      to: "/customers",
      filter: fresh,
    },
    {
      label: t("figure.to_call"),
      value: `${f.number(today.silent.length)}${today.silent.length >= MOST_SHOWN ? "+" : ""}`,
    },
  ];
  const linked = (figure: (typeof figures)[number]) => (
    <Link to={figure.to as never} search={{ filter: figure.filter } as never} className={classes.figureLink}>
      {figure.value}
    </Link>
  );
  return (
    <Figures
      size="lg"
      figures={figures.map((figure) => ({
        key: figure.label,
        label: figure.label,
        value: figure.to ? linked(figure) : figure.value,
      }))}
    />
  );
}
