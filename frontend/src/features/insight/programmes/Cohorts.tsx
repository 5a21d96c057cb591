import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Panel } from "@/shared/ui";
import { Definition } from "../Definition";
import classes from "../trends/Trends.module.css";
import type { Programme } from "./queries";

interface Props {
  cohorts: Programme["cohorts"];
  /** Months of a period. */
  months: number;
}

/** Who began together: how many paid the first bill, and what share of them each later one. */
export function Cohorts({ cohorts, months }: Props) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  const width = Math.max(...cohorts.map((one) => one.paying.length), 1);
  return (
    <Panel title={<Definition term={t("cohorts.title")} text={t("cohorts.hint")} />} flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={classes.scroll} aria-label={t("cohorts.title")} tabIndex={0}>
        <table className={classes.triangle}>
          <thead>
            <tr>
              <th scope="col">{t("cohorts.from")}</th>
              <th scope="col">{t("cohorts.size")}</th>
              {Array.from({ length: width - 1 }, (_, later) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the index is what the column is of
                <th key={later} scope="col">
                  {t("cohorts.bill", { n: later + 2 })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.map((cohort) => {
              const [size = 0, ...later] = cohort.paying;
              return (
                <tr key={cohort.from}>
                  <th scope="row">{months % 12 === 0 ? cohort.from.slice(0, 4) : cohort.from.slice(0, 7)}</th>
                  <td>{f.number(size)}</td>
                  {later.map((paying, at) => {
                    const share = size > 0 ? paying / size : 0;
                    return (
                      <td
                        // biome-ignore lint/suspicious/noArrayIndexKey: the index is what the cell is of
                        key={at}
                        title={t("cohorts.cell", { paying, size })}
                        style={{ "--strength": `${Math.round(share * 45)}%` } as CSSProperties}
                        data-heat
                      >
                        {f.percent(share, 0)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
