import { useTranslation } from "react-i18next";
import { sameJson, ViewsMenu } from "@/shared/views";
import { FIRST, pivotSearch } from "./state";
import type { ChartKind, PivotSearch, Query } from "./types";

interface Props {
  query: Query;
  chart: ChartKind | undefined;
  view: string | undefined;
  onShow: (change: Partial<PivotSearch>) => void;
}

/** Pivots kept under a name: private or for the whole unit. */
export function SavedPivots({ query, chart, view, onShow }: Props) {
  const { t } = useTranslation("pivots");
  return (
    <ViewsMenu
      resource="pivots"
      definition={{ query, chart }}
      view={view}
      isShown={(one) => sameJson(one.definition.query, query) && pivotSearch(one.definition).chart === chart}
      onShow={(one) => {
        const kept = pivotSearch(one?.definition ?? {});
        onShow({ query: kept.query ?? FIRST, chart: kept.chart, view: one?.id });
      }}
      onKept={(id) => onShow({ view: id })}
      words={{ closed: t("saved"), none: t("fresh"), saveAs: t("save_as"), remove: t("delete") }}
    />
  );
}
