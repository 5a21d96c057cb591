import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { useSuggestedProducts } from "@/features/next";
import { useFormat } from "@/shared/format";
import { Panel, Text, TextLink } from "@/shared/ui";
import classes from "./Associations.module.css";
import { recommendationsQuery } from "./queries";

/** What the customer may want too, each with its reason; without what is suggested to be done already. */
export function RecommendationsPanel({ customer }: { customer: string }) {
  const { t } = useTranslation("associations");
  const f = useFormat();
  const may = useCan("insight:metric:read");
  const found = useQuery({ ...recommendationsQuery(customer, currentLanguage()), enabled: may });
  const suggested = useSuggestedProducts(customer);
  const rows = found.data?.items.filter((one) => suggested && !suggested.has(one.product.id)) ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel title={t("recommended")} flush>
      <ul className={classes.rows}>
        {rows.map((one) => (
          <li key={one.product.id}>
            <div>
              <TextLink to="/products/$id" params={{ id: one.product.id }} fw={600}>
                {one.product.name}
              </TextLink>
              {one.again && <span className="dim"> · {t("again")}</span>}
              <Text size="sm" c="dimmed">
                {one.reason}
              </Text>
            </div>
            {one.price && <span className="tabular">{f.money(one.price)}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
