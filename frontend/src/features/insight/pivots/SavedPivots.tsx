import { useTranslation } from "react-i18next";
import { sameJson, ViewsMenu } from "@/shared/views";
import { FIRST, pivotSearch } from "./state";
import type { PivotSearch, Query } from "./types";

interface Props {
  query: Query;
  view: string | undefined;
  onShow: (change: Partial<PivotSearch>) => void;
}

/** Pivots kept under a name: private or for the whole unit. */
export function SavedPivots({ query, view, onShow }: Props) {
  const { t } = useTranslation("pivots");
  return (
    <ViewsMenu
      resource="pivots"
      definition={{ query }}
      view={view}
      isShown={(one) => sameJson(one.definition.query, query)}
      onShow={(one) => onShow({ query: (one && pivotSearch(one.definition).query) ?? FIRST, view: one?.id })}
      onKept={(id) => onShow({ view: id })}
      words={{ closed: t("saved"), none: t("fresh"), saveAs: t("save_as"), remove: t("delete") }}
    />
  );
}
