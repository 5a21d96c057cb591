import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asLanguage, LANGUAGES, setLanguage } from "@/app/i18n";
import { Mark, SegmentedControl } from "@/shared/ui";
import classes from "./Threshold.module.css";

/** The frame of the pages before one is signed in: what this is on one side, the form on the other. */
export function Threshold({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation("access");
  return (
    <div className={classes.page}>
      <section className={classes.story} aria-label={t("story.label")}>
        <div className={classes.brand}>
          <Mark size={40} />
          <span>{t("common:shell.brand")}</span>
        </div>
        <div>
          <p className={classes.line}>{t("story.line")}</p>
          <p className={classes.sub}>{t("story.sub")}</p>
        </div>
        <svg className={classes.figure} viewBox="0 0 400 400" aria-hidden="true" focusable="false">
          <rect x="40" y="40" width="320" height="320" rx="72" />
          <rect x="95" y="95" width="210" height="210" rx="50" />
          <rect x="150" y="150" width="100" height="100" rx="26" className={classes.heart} />
        </svg>
      </section>
      <main className={classes.side}>
        <div className={classes.language}>
          <SegmentedControl
            size="xs"
            aria-label={t("language")}
            value={i18n.language}
            onChange={(value) => void setLanguage(asLanguage(value) ?? "zh-CN")}
            data={LANGUAGES.map((value) => ({ value, label: value === "en" ? "English" : "中文" }))}
          />
        </div>
        <div className={classes.form}>{children}</div>
      </main>
    </div>
  );
}
