import { type ListState, listSearch } from "../grid/search";
import { useListState } from "../grid/useListState";
import { sameJson } from "./same";
import { ViewsMenu } from "./ViewsMenu";

const definitionOf = (state: ListState) => ({
  q: state.q,
  sort: state.sort,
  filter: state.filter,
  cols: state.cols,
});

/** The views of a list. */
export function SavedViews({ resource }: { resource: string }) {
  const { state, update } = useListState();
  return (
    <ViewsMenu
      resource={resource}
      definition={definitionOf(state)}
      view={state.view}
      isShown={(view) => sameJson(definitionOf(listSearch(view.definition)), definitionOf(state))}
      onShow={(view) =>
        update({
          q: undefined,
          sort: undefined,
          filter: undefined,
          cols: undefined,
          ...(view && listSearch(view.definition)),
          view: view?.id,
        })
      }
      onKept={(view) => update({ view })}
    />
  );
}
