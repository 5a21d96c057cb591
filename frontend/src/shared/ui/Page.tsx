import { Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import classes from "./Page.module.css";

interface PageProps {
  /** Reading width for forms and records; `full` for lists that use the whole window and scroll inside. */
  width?: "narrow" | "regular" | "wide" | "full";
  children: ReactNode;
}

export function Page({ width = "wide", children }: PageProps) {
  return (
    <div className={classes.page} data-width={width}>
      {children}
    </div>
  );
}

interface HeaderProps {
  title: string;
  /** Small line above the title: where this page belongs. */
  eyebrow?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

/** The page's one h1; also names the browser tab. */
export function PageHeader({ title, eyebrow, description, actions }: HeaderProps) {
  useEffect(() => {
    document.title = title ? `${title} · Regulars` : "Regulars";
  }, [title]);
  return (
    <div className={classes.header}>
      <div className={classes.words}>
        {eyebrow && <div className={classes.eyebrow}>{eyebrow}</div>}
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        {description && <div className={classes.description}>{description}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

interface PanelProps {
  title?: ReactNode;
  /** Right of the title: a link or a small button. */
  aside?: ReactNode;
  /** No padding around the body: lists that draw their own rows. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled sheet. */
export function Panel({ title, aside, flush, children }: PanelProps) {
  return (
    <section className={classes.panel}>
      {(title || aside) && (
        <div className={classes.panelHead}>
          {title && <h2 className={classes.panelTitle}>{title}</h2>}
          {aside}
        </div>
      )}
      <div className={flush ? classes.panelFlush : classes.panelBody}>{children}</div>
    </section>
  );
}
