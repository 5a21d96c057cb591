import { IconAdjustments, IconArrowBackUp, IconCopyCheck, IconRadar2 } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { PersonPicker } from "@/features/access";
import { JobProgress, underWay, useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import {
  Button,
  EmptyState,
  Group,
  Page,
  PageHeader,
  SegmentedControl,
  TextLink,
  toast,
  Waiting,
} from "@/shared/ui";
import classes from "./Duplicates.module.css";
import { PairView } from "./PairView";
import { startScan } from "./queries";
import type { DuplicateSearch } from "./types";
import { usePairs } from "./usePairs";

const RulesPanel = lazy(() => import("./RulesPanel"));

/** Records that may be one customer, one pair after the other, with the keyboard or a thumb. */
export function DuplicatesPage() {
  const { t } = useTranslation("duplicates");
  const f = useFormat();
  const search = useSearch({ from: "/_app/duplicates" });
  const work = usePairs(search);
  const mayScan = useCan("customers:duplicate:scan");
  const maySet = useCan("platform:settings:write");
  const [rules, setRules] = useState(false);
  const { pair, query } = work;
  useShortcuts({ z: () => void work.undo() });
  const left = `${f.number(work.left)}${work.more ? "+" : ""}`;
  return (
    <Page>
      <PageHeader
        title={t("title")}
        eyebrow={<TextLink to="/customers">{t("customers")}</TextLink>}
        description={
          <span role="status" className="tabular">
            {query.data && t("progress", { left, handled: f.number(work.handled) })}
          </span>
        }
        actions={
          <>
            {work.mayUndo && (
              <Button
                variant="default"
                leftSection={<IconArrowBackUp size={16} />}
                disabled={work.busy}
                onClick={work.undo}
                aria-keyshortcuts="z"
              >
                {t("undo")}
              </Button>
            )}
            {maySet && (
              <Button
                variant="default"
                leftSection={<IconAdjustments size={16} />}
                onClick={() => setRules(true)}
              >
                {t("rules.open")}
              </Button>
            )}
            {mayScan && <ScanButton />}
          </>
        }
      />
      <Filters search={search} />
      <Waiting query={query} rows={12} />
      {query.data && !pair && (
        <EmptyState
          icon={<IconCopyCheck size={28} stroke={1.5} />}
          title={t(work.handled > 0 ? "all_done" : "empty")}
        >
          {t(work.handled > 0 ? "all_done_hint" : "empty_hint")}
        </EmptyState>
      )}
      {pair && <PairView key={pair.id} pair={pair} work={work} />}
      {pair && <p className={classes.keys}>{t("keys")}</p>}
      {rules && (
        <Suspense>
          <RulesPanel onClose={() => setRules(false)} />
        </Suspense>
      )}
    </Page>
  );
}

function Filters({ search }: { search: DuplicateSearch }) {
  const { t } = useTranslation("duplicates");
  const navigate = useNavigate();
  const mayAssign = useCan("customers:customer:assign");
  const to = (change: Partial<DuplicateSearch>) =>
    void navigate({ to: "/duplicates", search: { ...search, ...change }, replace: true });
  if (search.customer) {
    return (
      <div>
        <Button variant="light" size="compact-md" onClick={() => to({ customer: undefined })}>
          {t("show_all")}
        </Button>
      </div>
    );
  }
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl
        aria-label={t("certainty")}
        data={[
          { value: "", label: t("every") },
          { value: "certain", label: t("certain") },
          { value: "possible", label: t("possible") },
        ]}
        value={search.certainty ?? ""}
        onChange={(value) =>
          to({ certainty: value === "certain" || value === "possible" ? value : undefined })
        }
      />
      {mayAssign && (
        <PersonPicker
          label={t("owner")}
          value={search.owner ?? null}
          onChange={(id) => to({ owner: id ?? undefined })}
          clearable
        />
      )}
    </Group>
  );
}

/** Looks through all customers, and shows how far it is. */
function ScanButton() {
  const { t } = useTranslation("duplicates");
  const client = useQueryClient();
  const [id, setId] = useState<string>();
  const job = useJob(id).data;
  const running = job !== undefined && underWay(job);
  useEffect(() => {
    if (job && !underWay(job)) void client.invalidateQueries({ queryKey: keys.of("duplicates") });
  }, [job, client]);
  const start = async () => {
    try {
      setId((await startScan()).id);
    } catch (problem) {
      toast.problem(problem);
    }
  };
  if (running) {
    return (
      <div className={classes.job}>
        <JobProgress job={job} />
      </div>
    );
  }
  return (
    <Button variant="default" leftSection={<IconRadar2 size={16} />} onClick={() => void start()}>
      {t("scan")}
    </Button>
  );
}
