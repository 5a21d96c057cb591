import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { underWay, useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import {
  Alert,
  Button,
  ConfirmDelete,
  DeleteButton,
  EmptyState,
  Figures,
  Group,
  Loader,
  Page,
  PageHeader,
  Select,
  Text,
  Waiting,
} from "@/shared/ui";
import classes from "./Clusters.module.css";
import { GroupPanel } from "./GroupPanel";
import { type Clustering, clusteringsQuery, discard, keep, rename } from "./queries";

const NewClusters = lazy(() => import("./NewClusters"));

/** Customers divided into groups that are alike: found, named, and kept as lists. */
export function ClustersPage() {
  const { t } = useTranslation("clusters");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id } = useSearch({ from: "/_app/insight_/clusters" });
  const list = useQuery(clusteringsQuery);
  const [making, setMaking] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const items = list.data?.items ?? [];
  const chosen = items.find((one) => one.id === id) ?? items[0];
  const choose = (id: string | undefined) =>
    void navigate({ to: "/insight/clusters", search: { id }, replace: true });
  const again = () => client.invalidateQueries({ queryKey: clusteringsQuery.queryKey });
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          <Button leftSection={<IconPlus size={16} stroke={1.6} />} onClick={() => setMaking(true)}>
            {t("new")}
          </Button>
        }
      />
      <Waiting query={list} rows={6} />
      {list.data && items.length === 0 && (
        <EmptyState icon={<IconUsersGroup size={28} stroke={1.5} />} title={t("none")}>
          {t("none_hint")}
        </EmptyState>
      )}
      {chosen && (
        <>
          <Group gap="sm" align="flex-end">
            <Select
              label={t("shown")}
              w={320}
              allowDeselect={false}
              value={chosen.id}
              data={items.map((one) => ({
                value: one.id,
                label: `${one.name} · ${f.date(one.created_at)}`,
              }))}
              onChange={(value) => choose(value ?? undefined)}
            />
            <DeleteButton onClick={() => setDiscarding(true)} />
          </Group>
          <Shown key={chosen.id} one={chosen} />
        </>
      )}
      {chosen && discarding && (
        <ConfirmDelete
          opened
          title={t("discard", { name: chosen.name })}
          onClose={() => setDiscarding(false)}
          onConfirm={async () => {
            await discard(chosen);
            choose(undefined);
            await again();
          }}
        >
          {t("discard_hint")}
        </ConfirmDelete>
      )}
      <Suspense>
        {making && (
          <NewClusters
            onClose={() => setMaking(false)}
            onMade={(made) => {
              setMaking(false);
              void again().then(() => choose(made.id));
            }}
          />
        )}
      </Suspense>
    </Page>
  );
}

function Shown({ one }: { one: Clustering }) {
  const { t } = useTranslation("clusters");
  const f = useFormat();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: keys.of("insight") });
  const named = (place: number, name: string) =>
    (one.found?.groups ?? []).map((group, at) => (at === place ? name : (group.name ?? null)) || null);
  const renaming = useMutation({
    mutationFn: ({ place, name }: { place: number; name: string }) =>
      rename(one, { group_names: named(place, name) }),
    onSettled: again,
  });
  const keeping = useMutation({
    mutationFn: async ({ place, name }: { place: number; name: string }) => {
      if (name !== (one.found?.groups[place]?.name ?? ""))
        await rename(one, { group_names: named(place, name) });
      return keep(one.id, [place]);
    },
    onSettled: again,
  });
  const job = useJob(keeping.data?.id).data ?? keeping.data;
  const ended = job !== undefined && !underWay(job);
  useEffect(() => {
    if (!ended) return;
    for (const resource of ["insight", "segments", "customers"]) {
      void client.invalidateQueries({ queryKey: keys.of(resource) });
    }
  }, [ended, client]);
  if (one.status === "running") {
    return (
      <Group gap="sm" role="status">
        <Loader size="sm" />
        <Text>{t("running")}</Text>
      </Group>
    );
  }
  const found = one.found;
  if (!found) return <Alert color="gray">{t(one.status === "too_few" ? "too_few" : "failed")}</Alert>;
  return (
    <>
      <Figures
        size="lg"
        figures={[
          {
            key: "customers",
            label: t("divided"),
            value: f.number(found.customers),
            hint: t("left_out", { count: found.left_out }),
          },
          { key: "groups", label: t("groups"), value: f.number(found.groups.length) },
          {
            key: "silhouette",
            label: t("silhouette"),
            value: f.number(found.silhouette.toFixed(2)),
            hint: t("silhouette_hint"),
          },
          { key: "as_of", label: t("as_of"), value: f.date(found.as_of) },
        ]}
      />
      <Text>
        {t(`verdict.${found.verdict}`)}
        {one.segment && ` ${t("only", { name: one.segment.name })}`}
        {found.tried.length > 1 &&
          ` ${t("tried", {
            list: found.tried
              .map((one) => `${one.groups}: ${f.number(one.silhouette.toFixed(2))}`)
              .join(t("comma")),
          })}`}
      </Text>
      <div className={classes.groups}>
        {found.groups.map((group, place) => (
          <GroupPanel
            // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
            key={place}
            place={place}
            group={group}
            busy={
              renaming.isPending ||
              (keeping.variables?.place === place && (keeping.isPending || (job !== undefined && !ended)))
            }
            onRename={(name) => renaming.mutate({ place, name })}
            onKeep={(name) => keeping.mutate({ place, name })}
          />
        ))}
      </div>
    </>
  );
}
