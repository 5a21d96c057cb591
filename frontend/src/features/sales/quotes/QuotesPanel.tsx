import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { ButtonLink, Panel, TextLink } from "@/shared/ui";
import { QuoteMark } from "../marks";
import classes from "../Order.module.css";
import { type QuotesOf, quotesFilter, quotesOfQuery } from "./queries";

/** The latest quotes to a customer, or of an opportunity; the next one is a press away. */
export function QuotesPanel({ of }: { of: QuotesOf }) {
  const { t } = useTranslation("quotes");
  const f = useFormat();
  const mayRead = useCan("sales:order:read");
  const mayWrite = useCan("sales:order:write");
  const rows = useQuery({ ...quotesOfQuery(of), enabled: mayRead }).data;
  if (!rows || (rows.items.length === 0 && !mayWrite)) return null;
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        <span>
          {rows.next_cursor && (
            <TextLink to="/quotes" search={{ filter: quotesFilter(of) }} size="sm">
              {t("all")}
            </TextLink>
          )}
          {mayWrite && (
            <ButtonLink
              to="/quotes/new"
              search={{ [of.field]: of.id }}
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
            >
              {t("new")}
            </ButtonLink>
          )}
        </span>
      }
    >
      {rows.items.length === 0 && <p className={classes.nothing}>{t("none")}</p>}
      <ul className={classes.rows}>
        {rows.items.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.rowWords}>
              <TextLink to="/quotes/$id" params={{ id: one.id }} className="tabular">
                {one.versions.length > 1 ? t("version_title", one) : one.code}
              </TextLink>{" "}
              <QuoteMark status={one.status} />
            </span>
            <span className="tabular">{f.money(one.net)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
