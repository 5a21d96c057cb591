/** A mark that work of mine goes on behind the page: how much of it, how far, and the way to the list. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { accepted, keys, useMe } from "@/api";
import { jobsQuery, underWay } from "@/features/platform";
import { Loader } from "@/shared/ui";
import classes from "./Shell.module.css";

export default function RunningJobs() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const jobs = useQuery(jobsQuery).data?.items ?? [];
  const mine = jobs.filter((job) => underWay(job) && job.created_by?.id === me.id);
  useEffect(() => {
    const look = () => void client.invalidateQueries({ queryKey: keys.list("jobs") });
    accepted.addEventListener("job", look);
    return () => accepted.removeEventListener("job", look);
  }, [client]);
  if (mine.length === 0) return null;
  const known = mine.filter((job) => job.progress?.total);
  const total = known.reduce((sum, job) => sum + (job.progress?.total ?? 0), 0);
  const done = known.reduce((sum, job) => sum + (job.progress?.done ?? 0), 0);
  const share = total > 0 ? Math.min(100, Math.round((done / total) * 100)) : undefined;
  const words = t("shell.jobs", { count: mine.length });
  return (
    <Link to="/settings/jobs" className={classes.jobs} title={words}>
      <Loader size={14} color="currentColor" aria-hidden="true" />
      <span className={classes.jobsWords}>{words}</span>
      {share !== undefined && <span className="tabular">{share}%</span>}
    </Link>
  );
}
