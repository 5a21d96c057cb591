import type { LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { TextLink } from "@/shared/ui";
import classes from "./Dashboards.module.css";
import type { Card, CardAnswer } from "./types";

/** What a card is called when nobody named it. */
export function useCardName() {
  const { t } = useTranslation("dashboards");
  return (card: Card, answer: CardAnswer | undefined): string => {
    if (card.title) return card.title;
    if (card.figure) return t(`figure.${card.figure}`);
    if (card.list) return t(`list.${card.list}`);
    return answer?.name ?? answer?.table?.measures[0]?.label ?? t("card.pivot");
  };
}

/** Where a card goes on: its pivot, or the page with the records behind it. */
function further(card: Card, answer: CardAnswer): Pick<LinkProps, "to" | "search"> | undefined {
  if (answer.query) {
    const chart = card.chart === "table" ? undefined : card.chart;
    return {
      to: "/pivots",
      search: { query: answer.query, view: card.view_id ?? undefined, chart } as never,
    };
  }
  if (answer.figure?.condition) {
    return { to: "/customers", search: { filter: answer.figure.condition } as never };
  }
  switch (card.figure ?? card.list) {
    case "customers_at_risk":
    case "value_at_risk":
    case "warnings":
      return { to: "/insight/warnings" };
    case "open_opportunities":
    case "open_amount":
    case "weighted_amount":
    case "pipeline":
      return { to: "/sales" };
    case "target_achievement":
    case "targets":
      return { to: "/targets" };
    case "silent":
      return { to: "/insight/actions" };
    default:
      return undefined;
  }
}

/** A card's name, which leads to what is behind it, and its days where it has some of its own. */
export function CardTitle({ card, answer }: { card: Card; answer: CardAnswer | undefined }) {
  const f = useFormat();
  const name = useCardName()(card, answer);
  const to = answer && !answer.fault ? further(card, answer) : undefined;
  const period = answer?.period;
  return (
    <div className={classes.title}>
      <h2 id={`card-${card.id}`}>
        {to ? (
          <TextLink {...(to as { to: "/sales" })} c="inherit">
            {name}
          </TextLink>
        ) : (
          name
        )}
      </h2>
      {period && (
        <span className="dim">
          {period.from === period.to ? f.date(period.from) : `${f.date(period.from)} – ${f.date(period.to)}`}
        </span>
      )}
    </div>
  );
}
