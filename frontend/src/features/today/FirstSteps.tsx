import { IconAddressBook, IconFileImport, IconUsers, type TablerIcon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { can, useMe } from "@/api";
import { Panel } from "@/shared/ui";
import classes from "./TodayPage.module.css";

const STEPS: { key: string; to: string; icon: TablerIcon; needs: string }[] = [
  { key: "import", to: "/imports/new", icon: IconFileImport, needs: "platform:import:run" },
  { key: "customer", to: "/customers", icon: IconAddressBook, needs: "customers:customer:write" },
  { key: "people", to: "/settings/users", icon: IconUsers, needs: "access:user:write" },
];

/** What to do while there is nothing to report: the steps that bring a company to its first useful morning. */
export function FirstSteps() {
  const { t } = useTranslation("today");
  const me = useMe();
  const steps = STEPS.filter((step) => can(me, step.needs));
  return (
    <Panel title={t("first.title")} flush>
      <p className={classes.intro}>{t(steps.length > 0 ? "first.intro" : "first.quiet")}</p>
      {steps.map((step) => (
        <Link key={step.key} to={step.to as never} className={classes.step}>
          <step.icon size={24} stroke={1.5} aria-hidden="true" />
          <span>
            <span className={classes.stepName}>{t(`first.${step.key}`)}</span>
            <span className={classes.why}>{t(`first.${step.key}_hint`)}</span>
          </span>
        </Link>
      ))}
    </Panel>
  );
}
