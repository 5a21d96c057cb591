import type { TablerIcon } from "@tabler/icons-react";
import { Children, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Ref } from "@/api";
import { Button, TextLink } from "@/shared/ui";
import classes from "./TodayPage.module.css";

/** Rows shown before the person asks for all. */
const FIRST = 8;

/** A list of customers with a reason each. */
export function Rows({ children, empty }: { children: ReactNode; empty: ReactNode }) {
  const { t } = useTranslation("today");
  const [all, setAll] = useState(false);
  const rows = Children.toArray(children);
  if (rows.length === 0) return empty;
  return (
    <>
      <ul className={classes.rows}>{all ? rows : rows.slice(0, FIRST)}</ul>
      {rows.length > FIRST && !all && (
        <Button variant="subtle" fullWidth radius={0} onClick={() => setAll(true)}>
          {t("show_all", { count: rows.length })}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  customer: Ref;
  why: ReactNode;
  end?: ReactNode;
  /** Wants attention first. */
  strong?: boolean;
}

export function Row({ customer, why, end, strong }: RowProps) {
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <TextLink
          to={"/customers/$id" as never}
          params={{ id: customer.id } as never}
          className={classes.who}
        >
          {customer.name}
        </TextLink>
        <span className={classes.why}>{why}</span>
      </div>
      {end && (
        <span className={classes.end} data-strong={strong || undefined}>
          {end}
        </span>
      )}
    </li>
  );
}

/** A quiet line instead of a big picture: an empty part of a page that is otherwise full. */
export function NothingHere({ icon: Icon, title, hint }: { icon: TablerIcon; title: string; hint: string }) {
  return (
    <div className={classes.nothing}>
      <Icon size={20} stroke={1.5} aria-hidden="true" />
      <div>
        <div className={classes.nothingTitle}>{title}</div>
        <div className={classes.why}>{hint}</div>
      </div>
    </div>
  );
}
