import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { Button, Dialog, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@/shared/ui";
import { PRESETS, pivotSearch } from "../pivots/state";
import type { Query } from "../pivots/types";
import { FIRST_QUERY, PivotInputs } from "./PivotInputs";
import { type Card, CHARTS, COLUMNS, FIGURES, LISTS } from "./types";

interface Props {
  /** The card that is changed; a new one when absent. */
  card: Card | undefined;
  id: string;
  onClose: () => void;
  onKept: (card: Card) => void;
}

const KINDS = ["figure", "saved", "pivot", "list"] as const;
type Kind = (typeof KINDS)[number];

const kindOf = (card: Card | undefined): Kind =>
  card?.kind === "pivot" ? (card.view_id ? "saved" : "pivot") : (card?.kind ?? "figure");

/** What a card of each kind begins with. */
const begin = (kind: Kind): Partial<Card> =>
  ({
    figure: { kind: "figure", figure: "revenue", compare: "previous_period", width: 1 },
    saved: { kind: "pivot", chart: "table", width: 2 },
    pivot: { kind: "pivot", chart: "bar", query: FIRST_QUERY, width: 2 },
    list: { kind: "list", list: "warnings", width: 2 },
  })[kind] as Partial<Card>;

/** Everything about one card, chosen from lists; larger pivots are made on their own page and put here as saved ones. */
export default function CardDialog({ card, id, onClose, onKept }: Props) {
  const { t } = useTranslation(["dashboards", "pivots"]);
  const [kind, setKind] = useState<Kind>(() => kindOf(card));
  const [draft, setDraft] = useState<Card>(() => card ?? ({ id, ...begin("figure") } as Card));
  const put = (change: Partial<Card>) => setDraft({ ...draft, ...change });
  const turn = (next: Kind) => {
    setKind(next);
    const { title, period } = draft;
    setDraft({ id, title, period, ...begin(next) } as Card);
  };
  const whole = kind !== "saved" || Boolean(draft.view_id);
  return (
    <Dialog opened onClose={onClose} title={t(card ? "dialog.card" : "dialog.card_new")} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (whole) onKept({ ...draft, title: draft.title?.trim() || undefined });
        }}
      >
        <Stack gap="sm">
          <SegmentedControl
            fullWidth
            aria-label={t("card.kind")}
            value={kind}
            onChange={(value) => turn(value as Kind)}
            data={KINDS.map((value) => ({ value, label: t(`card.${value}`) }))}
          />
          {kind === "figure" && (
            <>
              <Select
                label={t("card.figure")}
                allowDeselect={false}
                searchable
                data={FIGURES.map((value) => ({ value, label: t(`figure.${value}`) }))}
                value={draft.figure ?? null}
                onChange={(figure) => put({ figure: figure as Card["figure"] })}
              />
              <Select
                label={t("compare")}
                allowDeselect={false}
                data={[
                  { value: "", label: t("compare_none") },
                  { value: "previous_period", label: t("pivots:compare.previous_period") },
                  { value: "previous_year", label: t("pivots:compare.previous_year") },
                ]}
                value={draft.compare ?? ""}
                onChange={(compare) => put({ compare: (compare || undefined) as Card["compare"] })}
              />
            </>
          )}
          {kind === "saved" && <SavedPivot value={draft.view_id ?? null} onChange={put} />}
          {kind === "pivot" && (
            <PivotInputs query={draft.query as Query} onChange={(query) => put({ query })} />
          )}
          {kind === "list" && (
            <Select
              label={t("card.list")}
              allowDeselect={false}
              data={LISTS.map((value) => ({ value, label: t(`list.${value}`) }))}
              value={draft.list ?? null}
              onChange={(list) => put({ list: list as Card["list"] })}
            />
          )}
          {(kind === "saved" || kind === "pivot") && (
            <Select
              label={t("pivots:chart.label")}
              allowDeselect={false}
              data={CHARTS.map((value) => ({ value, label: t(`pivots:chart.${value}`) }))}
              value={draft.chart ?? "table"}
              onChange={(chart) => put({ chart: chart as Card["chart"] })}
            />
          )}
          <TextInput
            label={t("card.title")}
            description={t("card.title_hint")}
            maxLength={80}
            value={draft.title ?? ""}
            onChange={(event) => put({ title: event.currentTarget.value })}
          />
          <Group grow align="flex-start">
            <Select
              label={t("period")}
              allowDeselect={false}
              value={draft.period?.preset ?? ""}
              data={[
                { value: "", label: t("period_own") },
                ...PRESETS.map((value) => ({ value, label: t(`pivots:period.${value}`) })),
              ]}
              onChange={(value) => {
                const preset = PRESETS.find((one) => one === value);
                put({ period: preset ? { preset } : undefined });
              }}
            />
            <Select
              label={t("card.width")}
              allowDeselect={false}
              value={String(draft.width)}
              data={Array.from({ length: COLUMNS }, (_, at) => ({
                value: String(at + 1),
                label: t("card.columns", { count: at + 1, of: COLUMNS }),
              }))}
              onChange={(value) => put({ width: Number(value) })}
            />
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button type="submit" disabled={!whole}>
              {t(card ? "common:action.apply" : "common:action.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

interface SavedProps {
  value: string | null;
  onChange: (chosen: Pick<Card, "view_id" | "chart">) => void;
}

function SavedPivot({ value, onChange }: SavedProps) {
  const { t } = useTranslation("dashboards");
  const views = useQuery({
    queryKey: keys.list("views", "pivots"),
    queryFn: ({ signal }) => {
      const filter = JSON.stringify({ field: "resource", op: "eq", value: "pivots" });
      return ok(api.GET("/views", { params: { query: { filter, limit: 200 } }, signal }));
    },
    staleTime: 60_000,
  });
  if (views.data?.items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("card.saved_none")}
      </Text>
    );
  }
  return (
    <Select
      label={t("card.saved")}
      searchable
      allowDeselect={false}
      data={views.data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []}
      value={value}
      onChange={(id) => {
        const view = views.data?.items.find((one) => one.id === id);
        // A card begins with the chart the pivot was saved with.
        if (view) onChange({ view_id: view.id, chart: pivotSearch(view.definition).chart ?? "table" });
      }}
    />
  );
}
