import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import classes from "./Qualification.module.css";
import type { Qualification } from "./types";

/** Who found it, and when. */
export function FoundLine({ found }: { found: Qualification["criteria"][number]["found"] }) {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  if (!found) return null;
  return <span className={classes.sub}>{t("found_by", { name: found.by.name, at: f.ago(found.at) })}</span>;
}
