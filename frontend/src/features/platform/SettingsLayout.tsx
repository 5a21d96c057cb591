import { IconArrowLeft } from "@tabler/icons-react";
import { Link, Navigate, Outlet, useMatchRoute } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { EmptyState, Page, PageHeader, Panel, TextLink, useMediaQuery } from "@/shared/ui";
import classes from "./SettingsLayout.module.css";
import { type Section, sectionsFor } from "./sections";

const GROUPS: Section["group"][] = ["company", "people", "data", "system"];

/** Settings: its own list of pages beside the page; on phones the list is a page of its own. */
export function SettingsLayout() {
  const { t } = useTranslation("admin");
  const sections = sectionsFor(useMe());
  const atIndex = useMatchRoute()({ to: "/settings" });
  return (
    <div className={classes.layout}>
      <nav className={classes.side} aria-label={t("common:nav.settings")}>
        {GROUPS.map((group) => {
          const inGroup = sections.filter((one) => one.group === group);
          if (inGroup.length === 0) return null;
          return (
            <div key={group}>
              <div className={classes.group}>{t(`section_group.${group}`)}</div>
              {inGroup.map((one) => (
                <Link
                  key={one.key}
                  to={one.to}
                  className={classes.link}
                  activeProps={{ "aria-current": "page", "data-active": true } as never}
                >
                  <one.icon size={17} stroke={1.6} aria-hidden="true" />
                  {t(`section.${one.key}`)}
                </Link>
              ))}
            </div>
          );
        })}
      </nav>
      <div className={classes.body}>
        {!atIndex && (
          <TextLink to="/settings" size="sm" className={classes.back}>
            <IconArrowLeft size={14} aria-hidden="true" /> {t("common:nav.settings")}
          </TextLink>
        )}
        <Outlet />
      </div>
    </div>
  );
}

/** What there is to set, each with a line about it; where the list stands beside the pages, the first of them. */
export function SettingsIndex() {
  const { t } = useTranslation("admin");
  const sections = sectionsFor(useMe());
  const beside = useMediaQuery("(min-width: 62.01em)", undefined, { getInitialValueInEffect: false });
  const first = sections[0];
  if (beside && first) return <Navigate to={first.to} replace />;
  return (
    <Page width="regular">
      <PageHeader title={t("common:nav.settings")} />
      {sections.length === 0 && <EmptyState title={t("section_none")} />}
      {GROUPS.map((group) => {
        const inGroup = sections.filter((one) => one.group === group);
        return inGroup.length === 0 ? null : (
          <Panel key={group} title={t(`section_group.${group}`)} flush>
            {inGroup.map((one) => (
              <Link key={one.key} to={one.to} className={classes.card}>
                <one.icon size={22} stroke={1.5} aria-hidden="true" />
                <span>
                  <span className={classes.cardName}>{t(`section.${one.key}`)}</span>
                  <span className={classes.cardHint}>{t(`section_hint.${one.key}`)}</span>
                </span>
              </Link>
            ))}
          </Panel>
        );
      })}
    </Page>
  );
}
